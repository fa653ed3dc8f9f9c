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

    /// What is measured twice, or by nobody who should, changes nothing.
    mutating func measured(_ rank: Rank, _ content: ContentID, _ need: RoomNeed) -> [Verdict] {
        let contentCount = contentCount
        return change(rank) { $0.measured(content, need, contentCount: contentCount) }
    }

    /// It will not measure, or not write what it measured.
    mutating func gone(_ rank: Rank) -> [Verdict] { change(rank) { $0.isGone = true } }

    mutating func returned(_ rank: Rank) -> [Verdict] { change(rank) { $0.isGone = false } }

    private mutating func change(
        _ rank: Rank, _ body: (inout RoomMember) -> Void
    ) -> [Verdict] {
        for group in groups.indices {
            guard let row = groups[group].members.firstIndex(where: { $0.rank == rank })
            else { continue }
            body(&groups[group].members[row])
            return groups[group].decide(contentCount: contentCount)
        }
        return []
    }

    func checkInvariants() {
        for group in groups { group.checkInvariants() }
    }
}
