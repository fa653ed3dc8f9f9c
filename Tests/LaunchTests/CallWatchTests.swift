import Launch
import Testing

/// When a call into MPI counts as one that never returns.
@Suite struct CallWatchTests {
    /// Whether it was noticed at each of these looks.
    private func noticed(_ calls: [Int?]) -> [Bool] {
        var watch = CallWatch(looksMax: 3)
        var found: [Bool] = []
        for call in calls { found.append(watch.look(at: call)) }
        return found
    }

    @Test func aCallThatDoesNotReturnIsNoticed() {
        #expect(noticed([7, 7, 7, 7]) == [false, false, false, true])
    }

    @Test func callsThatReturnAreNot() {
        #expect(!noticed((0..<100).map { $0 / 3 }).contains(true))
        #expect(!noticed(Array(repeating: nil, count: 100)).contains(true))
        #expect(!noticed([7, 7, 7, nil, 7, 7, 7]).contains(true))
    }
}
