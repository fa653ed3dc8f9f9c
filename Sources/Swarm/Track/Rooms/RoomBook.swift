import Vocabulary

/// Grants disk space to the ranks that write to one host's disks: the needs on a device are added
/// in the order of the ranks, and a rank that no longer fits is refused.
///
/// A group is decided once all of its members have measured all of their contents, or are gone. A
/// rank that measures later gets what is left. Invariant: the space granted on a device is never
/// more than was free there.
struct RoomBook {
    private var groups: [RoomGroup]
    private let contentCount: Int

    struct Verdict: Equatable {
        let rank: Rank
        let content: ContentID
        /// The space that other ranks need on that device.
        let taken: ByteCount
        let isGranted: Bool
    }

    init(_ groups: [[Rank]], contentCount: Int) {
        self.groups = groups.map { RoomGroup($0.sorted()) }
        self.contentCount = contentCount
    }

    /// Whether no rank of this job measures.
    var isEmpty: Bool { groups.isEmpty }

    /// Whether a group still waits for a member.
    var isUndecided: Bool { groups.contains { !$0.isDecided } }

    /// Notes a measurement and returns the verdicts that follow. A rank of no group changes
    /// nothing, and a repeated measurement only gets its answer again.
    mutating func measured(_ rank: Rank, _ content: ContentID, _ need: RoomNeed) -> [Verdict] {
        guard let (group, row) = place(of: rank) else { return [] }
        return groups[group].measured(row, content, need, contentCount: contentCount)
    }

    /// Notes that a rank will not measure, or not write what it measured.
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
