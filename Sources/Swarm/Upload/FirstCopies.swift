import Vocabulary

/// Pieces that a source sent to one receiver alone, and the number of them that each receiver has
/// kept to itself.
///
/// What the source sends first to a receiver that passes nothing on it has to send once more: one
/// whose pieces are wrong, that never sends what it offers, or that others do not listen to. No
/// rank reports that to the source, and none that lies can bring another into that position: the
/// source sees it, because the pieces turn up at no other.
///
/// Invariant: `hoarderCount` is the number of links that have kept `keptMax` pieces or more.
struct FirstCopies: Sendable {
    /// Of a receiver that passes on what it gets, hardly more than one or two are on their way at
    /// any time.
    static let keptMax = 8
    /// One that waits for others gets a piece after that number of sends all the same: it may have
    /// begun to pass on what it gets, or to take it faster than they do.
    static let sendsMax = 16

    private struct Row {
        /// Pieces that it was the first to get since one of them turned up elsewhere.
        var kept = 0
        /// The number of the last send that went to it.
        var lastSend = 0
    }

    /// By piece, the link that it was sent to alone; empty until one is sent.
    private var holders: [Int32] = []
    /// By link.
    private var receivers: [Row] = []
    private var sendCount = 0
    private(set) var hoarderCount = 0

    private static let noHolder: Int32 = -1

    /// Whether the receiver seems to keep to itself what it gets, and comes after those that do
    /// not.
    func comesLast(_ link: Int) -> Bool {
        guard hoarderCount > 0, link < receivers.count else { return false }
        let receiver = receivers[link]
        return receiver.kept >= Self.keptMax && sendCount - receiver.lastSend < Self.sendsMax
    }

    /// The piece is being sent to that link; `isFirst` if no other is known to hold it.
    mutating func gave(_ piece: PieceIndex, of pieceCount: Int, to link: Int, isFirst: Bool) {
        if holders.isEmpty { holders = [Int32](repeating: Self.noHolder, count: pieceCount) }
        while receivers.count <= link { receivers.append(Row()) }
        sendCount += 1
        receivers[link].lastSend = sendCount
        let holder = holders[piece.position]
        guard holder == Self.noHolder else {
            // Where it turns up next it may have come from here.
            if holder != Int32(link) { holders[piece.position] = Self.noHolder }
            return
        }
        guard isFirst else { return }
        holders[piece.position] = Int32(link)
        receivers[link].kept += 1
        if receivers[link].kept == Self.keptMax { hoarderCount += 1 }
    }

    /// The neighbour of that link holds the piece.
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
