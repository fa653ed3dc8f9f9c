import Vocabulary

/// Who of those that write to one host's disks has room: the needs on a device are added in the
/// order of the ranks, and who does not fit any more is refused.
///
/// A group is decided once all of its members have measured all of their contents, or are gone;
/// whoever measures later gets what is left. Invariant: what was granted on a device is never more
/// than was free there.
struct RoomBook {
    private var groups: [RoomGroup]
    private let contentCount: Int

    struct Verdict: Equatable {
        let rank: Rank
        let content: ContentID
        /// What others need of that device.
        let taken: ByteCount
        let isGranted: Bool
    }

    init(_ groups: [[Rank]], contentCount: Int) {
        self.groups = groups.map { RoomGroup($0.sorted()) }
        self.contentCount = contentCount
    }

    /// Nobody of this job measures.
    var isEmpty: Bool { groups.isEmpty }

    /// Somebody is waited for.
    var isUndecided: Bool { groups.contains { !$0.isDecided } }

    /// What nobody should measure changes nothing, and what is measured twice is only answered
    /// again.
    mutating func measured(_ rank: Rank, _ content: ContentID, _ need: RoomNeed) -> [Verdict] {
        guard let (group, row) = place(of: rank) else { return [] }
        return groups[group].measured(row, content, need, contentCount: contentCount)
    }

    /// It will not measure, or not write what it measured.
    mutating func gone(_ rank: Rank) -> [Verdict] { turn(rank, isGone: true) }

    mutating func returned(_ rank: Rank) -> [Verdict] { turn(rank, isGone: false) }

    private mutating func turn(_ rank: Rank, isGone: Bool) -> [Verdict] {
        guard let (group, row) = place(of: rank) else { return [] }
        groups[group].members[row].isGone = isGone
        return groups[group].decide(contentCount: contentCount)
    }

    private func place(of rank: Rank) -> (group: Int, row: Int)? {
        for group in groups.indices {
            if let row = groups[group].members.firstIndex(where: { $0.rank == rank }) {
                return (group, row)
            }
        }
        return nil
    }

    func checkInvariants() {
        for group in groups { group.checkInvariants() }
    }
}
