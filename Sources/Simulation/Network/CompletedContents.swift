import Vocabulary

/// The ranks that must finish, and the contents that each rank has completed.
///
/// Invariant: `missingCount` is the number of demanded ranks that have not completed all that they
/// want.
struct CompletedContents {
    private var isDemanded: [Bool]
    private(set) var missingCount = 0
    /// The number of contents that each rank has completed, and the time of the last.
    private(set) var counts: [Int]
    private(set) var times: [Tick]

    /// The number of contents that each rank wants.
    private let wantedCount: Int

    init(rankCount: Int, wantedCount: Int = 1) {
        self.wantedCount = wantedCount
        isDemanded = [Bool](repeating: false, count: rankCount)
        counts = [Int](repeating: 0, count: rankCount)
        times = [Tick](repeating: .never, count: rankCount)
    }

    /// Replaces the ranks that must finish.
    mutating func demand(_ isDemanded: [Bool]) {
        self.isDemanded = isDemanded
        missingCount = isDemanded.indices.count { isDemanded[$0] && !hasFinished($0) }
    }

    func hasFinished(_ rank: Int) -> Bool { counts[rank] >= wantedCount }

    mutating func finished(_ rank: Int, at time: Tick) {
        counts[rank] += 1
        if counts[rank] == wantedCount, isDemanded[rank] { missingCount -= 1 }
        times[rank] = time
    }
}
