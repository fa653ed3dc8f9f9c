package import Vocabulary

/// The upload thread's side of what a peer holds: it serves from memory at once, and lets the disk
/// workers read the rest.
package struct ContentsReader: ~Copyable, PieceReader {
    package typealias Payload = PieceBuffer

    private struct Answer: Sendable {
        let ticket: ReadTicket
        /// Nil if the piece is not here, or cannot be read.
        let buffer: PieceBuffer?
    }

    private let contents: PeerContents
    private let reads: Answers<Answer>
    private var outcomes = Backlog<ReadOutcome>(countMax: readsMax)
    /// Buffers that were read, and are not released yet.
    private var atHand: [ReadTicket: PieceBuffer] = [:]

    /// Far more reads than the sends that an upload thread has outstanding.
    package static let readsMax = 4096

    /// `bell` rings when a piece was read.
    package init(_ contents: PeerContents, bell: (any ReaderBell)? = nil) {
        self.contents = contents
        reads = Answers(ringing: bell)
    }

    package mutating func read(
        _ piece: PieceIndex, of content: ContentID, ticket: ReadTicket
    ) {
        if let buffer = contents.memory.piece(piece, of: content) {
            return take(Answer(ticket: ticket, buffer: buffer))
        }
        guard contents.files.has(content) else { return take(Answer(ticket: ticket, buffer: nil)) }
        contents.crew.submit(.read) { [contents, reads] in
            reads.put(Answer(ticket: ticket, buffer: contents.files.read(piece, of: content)))
        }
    }

    private mutating func take(_ answer: Answer) {
        atHand[answer.ticket] = answer.buffer
        outcomes.append(ReadOutcome(answer.ticket, isGood: answer.buffer != nil))
    }

    package mutating func next() -> ReadOutcome? {
        for answer in reads.take().reversed() { take(answer) }
        return outcomes.next()
    }

    package func payload(of ticket: ReadTicket) -> PieceBuffer {
        guard let buffer = atHand[ticket] else {
            preconditionFailure("a payload is sent that was not read")
        }
        return buffer
    }

    /// The manifests have all digests, so nothing is read.
    package mutating func digests(
        of content: ContentID, from first: Int, count: Int
    ) -> [UInt8]? { nil }

    package mutating func release(_ ticket: ReadTicket) { atHand[ticket] = nil }
}
