import Vocabulary

/// Pieces that a source sent to one receiver alone, and the number of them that each receiver has
/// kept to itself.
///
/// A source has to send such a piece once more if its receiver passes nothing on: because its
/// pieces are wrong, because it never sends what it offers, or because the others do not listen to
/// it. The source notices by itself, because the pieces turn up at no other rank; no rank needs to
/// report it, and none can bring another into that position by lying.
///
/// Invariant: `hoarderCount` is the number of links that have kept `keptMax` pieces or more.
struct FirstCopies: Sendable {
    /// A receiver that passes on what it gets hardly ever has more than one or two of them left.
    static let keptMax = 8
    /// A receiver that has to wait still gets a piece after this number of sends: it may have begun
    /// to pass pieces on, or to take them faster than the others.
    static let sendsMax = 16

    private struct Row {
        /// The pieces that it was the first to get since one of them turned up elsewhere.
        var kept = 0
        /// The number of the last send to it.
        var lastSend = 0
    }

    /// By piece, the only link that got it; empty until one is sent.
    private var holders: [Int32] = []
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
        receivers[link].kept += 1
        if receivers[link].kept == Self.keptMax { hoarderCount += 1 }
    }

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
