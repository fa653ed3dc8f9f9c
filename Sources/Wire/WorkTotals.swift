package import Vocabulary

/// Counts of what the two network threads of a peer have done. They depend on the job and on the
/// rules, and less on a busy machine than times do.
package struct WorkTotals: Equatable, Sendable {
    /// How often the threads looked for events, and how often there were none.
    package var turns: UInt64 = 0
    package var emptyTurns: UInt64 = 0
    /// How often a thread slept, or waited for a bell or a socket.
    package var naps: UInt64 = 0
    /// Messages, payloads, notes and answers of the disk.
    package var events: UInt64 = 0
    package var messages: UInt64 = 0
    /// Those of these messages that offer, request, promise or refuse a piece.
    package var pieceMessages: UInt64 = 0
    /// How often a piece to request was looked for, and how often there was none.
    package var picks: UInt64 = 0
    package var failedPicks: UInt64 = 0
    /// The bytes of payloads that this rank sent and received.
    package var carried = ByteCount.zero
    /// The bytes of sources that this rank read although it had read them before.
    package var readAgain = ByteCount.zero

    package init() {}

    init(reading tail: RawSpan, at cursor: inout Int) throws(WireError) {
        turns = try tail.readTally(&cursor)
        emptyTurns = try tail.readTally(&cursor)
        naps = try tail.readTally(&cursor)
        events = try tail.readTally(&cursor)
        messages = try tail.readTally(&cursor)
        pieceMessages = try tail.readTally(&cursor)
        picks = try tail.readTally(&cursor)
        failedPicks = try tail.readTally(&cursor)
        carried = try tail.readSize(&cursor)
        readAgain = try tail.readSize(&cursor)
    }

    func write(to tail: inout [UInt8]) {
        let counts = [
            turns, emptyTurns, naps, events, messages, pieceMessages, picks, failedPicks,
        ]
        for count in counts { tail.write(count) }
        tail.write(carried)
        tail.write(readAgain)
    }

    package mutating func noteSent(_ message: Message) {
        messages += 1
        switch message {
        case .upload(.request), .upload(.cancel), .upload(.decline), .download(.offer),
            .download(.offerWithdrawn), .download(.ack), .download(.nack):
            pieceMessages += 1
        case .upload, .download, .tracker, .overlay: break
        }
    }

    package static func += (sum: inout WorkTotals, more: WorkTotals) {
        sum.turns += more.turns
        sum.emptyTurns += more.emptyTurns
        sum.naps += more.naps
        sum.events += more.events
        sum.messages += more.messages
        sum.pieceMessages += more.pieceMessages
        sum.picks += more.picks
        sum.failedPicks += more.failedPicks
        sum.carried += more.carried
        sum.readAgain += more.readAgain
    }
}
