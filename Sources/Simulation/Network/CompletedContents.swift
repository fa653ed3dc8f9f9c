import Vocabulary

/// The ranks that must finish, and the contents that each rank has completed.
///
/// Invariant: `missingCount` is the number of demanded ranks that have completed nothing.
struct CompletedContents {
    private var isDemanded: [Bool]
    private(set) var missingCount = 0
    /// The number of contents that each rank has completed, and the time of the last.
    private(set) var counts: [Int]
    private(set) var times: [Tick]

    init(rankCount: Int) {
        isDemanded = [Bool](repeating: false, count: rankCount)
        counts = [Int](repeating: 0, count: rankCount)
        times = [Tick](repeating: .never, count: rankCount)
    }

    /// Replaces the ranks that must finish.
    mutating func demand(_ isDemanded: [Bool]) {
        self.isDemanded = isDemanded
        missingCount = isDemanded.indices.count { isDemanded[$0] && counts[$0] == 0 }
    }

    func hasFinished(_ rank: Int) -> Bool { counts[rank] > 0 }

    mutating func finished(_ rank: Int, at time: Tick) {
        counts[rank] += 1
        if counts[rank] == 1, isDemanded[rank] { missingCount -= 1 }
        times[rank] = time
    }
}
