import Vocabulary

/// Pieces that a source sent to one receiver alone, and the number of them that each receiver has
/// kept to itself.
///
/// A source has to send such a piece once more if its receiver passes nothing on: because the
/// piece takes long to arrive (`nextDue`) or is wrong, because its receiver never sends what it
/// offers, or because the others do not listen to it. The source notices by itself, because the
/// pieces turn up at no other rank; no rank needs to report it, and none can bring another into
/// that position by lying.
///
/// Invariant: `hoarderCount` is the number of links that have kept `keptMax` pieces or more.
struct FirstCopies: Sendable {
    /// A receiver that passes on what it gets hardly ever has more than one or two of them left.
    static let keptMax = 8
    /// A receiver that has to wait still gets a piece after this number of sends: it may have begun
    /// to pass pieces on, or to take them faster than the others.
    static let sendsMax = 16

    /// A first copy that has not arrived after this number of further sends counts as not sent: its
    /// receiver is slow or busy, and the others would wait for that piece until all else is done.
    static let sendsUntilLate = 64

    private struct Row {
        /// The pieces that it was the first to get since one of them turned up elsewhere.
        var kept = 0
        /// The number of the last send to it.
        var lastSend = 0
    }

    private struct Send {
        let piece: PieceIndex
        let link: Int
        let number: Int
    }

    /// By piece, the only link that got it; empty until one is sent.
    private var holders: [Int32] = []
    /// The last first copies, in the order of the sends.
    private var latest: [Send] = []
    /// The receivers, by link.
    private var receivers: [Row] = []
    private var sendCount = 0
    private(set) var hoarderCount = 0

    private static let noHolder: Int32 = -1

    /// Whether the receiver seems to keep pieces to itself, and so comes after the others.
    func comesLast(_ link: Int) -> Bool {
        guard hoarderCount > 0, link < receivers.count else { return false }
        let receiver = receivers[link]
        return receiver.kept >= Self.keptMax && sendCount - receiver.lastSend < Self.sendsMax
    }

    /// Notes a send; `isFirst` where no neighbour is known to hold the piece.
    mutating func gave(_ piece: PieceIndex, of pieceCount: Int, to link: Int, isFirst: Bool) {
        if holders.isEmpty { holders = [Int32](repeating: Self.noHolder, count: pieceCount) }
        while receivers.count <= link { receivers.append(Row()) }
        sendCount += 1
        receivers[link].lastSend = sendCount
        let holder = holders[piece.position]
        guard holder == Self.noHolder else {
            // If it turns up elsewhere, it may have come from this link.
            if holder != Int32(link) { holders[piece.position] = Self.noHolder }
            return
        }
        guard isFirst else { return }
        holders[piece.position] = Int32(link)
        latest.append(Send(piece: piece, link: link, number: sendCount))
        receivers[link].kept += 1
        if receivers[link].kept == Self.keptMax { hoarderCount += 1 }
    }

    /// The next piece that should have arrived by now at the only link that got it, and that link.
    mutating func nextDue() -> (piece: PieceIndex, link: Int)? {
        while let send = latest.first, sendCount - send.number >= Self.sendsUntilLate {
            latest.removeFirst()
            if holders[send.piece.position] == Int32(send.link) { return (send.piece, send.link) }
        }
        return nil
    }

    /// The piece is late, so that somebody else gets the first copy.
    mutating func isLate(_ piece: PieceIndex) { holders[piece.position] = Self.noHolder }

    /// Notes that a neighbour holds the piece.
    mutating func got(_ piece: PieceIndex, by link: Int) {
        guard !holders.isEmpty else { return }
        let holder = holders[piece.position]
        guard holder != Self.noHolder, holder != Int32(link) else { return }
        holders[piece.position] = Self.noHolder
        if receivers[Int(holder)].kept >= Self.keptMax { hoarderCount -= 1 }
        receivers[Int(holder)].kept = 0
    }

    func checkInvariants() {
        precondition(
            receivers.count { $0.kept >= Self.keptMax } == hoarderCount,
            "the count of hoarders drifted")
    }
}
