package import Vocabulary
import Wire

/// One peer as its tracker knows it.
package struct PeerRow: Sendable {
    /// absent → listing → listed → joined → finished → closed. A peer may be lost at any stage, and
    /// starts again at `listing` when it sends a message.
    package enum Stage: Int, Sendable, CaseIterable {
        case absent = 0
        case listing
        case listed
        case refused
        case joined
        case finished
        case closed
        case lost
    }

    package let rank: Rank
    package internal(set) var stage = Stage.absent
    package internal(set) var listing = PeerListing()
    package internal(set) var report = PeerReport()
    /// The text of the peer's report of bad input.
    package internal(set) var refusal = ""
    /// The first reason that the peer gave for its own failure, such as a full disk.
    package internal(set) var trouble = ""
    private var warningCount = 0
    var complaints = Complaints()
    /// Whether the peer has everything it wants, or has given up the rest. This survives the loss
    /// of its lease, because the peer may not report it again.
    var isDone = false
    var leaseEnd: Tick
    /// The room that the peer's contents need, kept for other trackers that may need to know it.
    private(set) var needs: [(content: ContentID, need: RoomNeed)] = []

    init(rank: Rank, leaseEnd: Tick) {
        self.rank = rank
        self.leaseEnd = leaseEnd
    }

    /// Only the first few warnings of a peer are printed. Returns false for others.
    mutating func admitWarning() -> Bool {
        guard warningCount < Self.warningsMax else { return false }
        warningCount += 1
        return true
    }

    static var warningsMax: Int { 8 }

    mutating func note(_ need: RoomNeed, of content: ContentID, atMost most: Int) {
        guard needs.count < most, !needs.contains(where: { $0.content == content }) else { return }
        needs.append((content, need))
    }

    func presence(awaitsLook: Bool) -> RollEntry.Presence {
        switch stage {
        case .absent, .listing, .listed, .refused: .absent
        case .joined, .finished:
            awaitsLook && !listing.hasLooked
                ? .looking : listing.reading.isEmpty ? .present : .reading
        case .closed: .left
        case .lost: .lost
        }
    }

    package var wanted: Int { listing.wants.count }

    /// Whether the rank is lost, and wanted something or may have.
    package var isLoss: Bool { stage == .lost && (!listing.isComplete || wanted > 0) }

    package var isGone: Bool { stage == .closed || stage == .lost }

    /// Whether the peer was expelled: its messages made no sense, and are read no more.
    package var isExpelled: Bool { complaints.isExpelled }
}
