import Vocabulary

/// Estimates how long something takes: a mean and a deviation that decay, as in round-trip
/// estimators. Kept in nanoseconds, because it is read and updated for nearly every piece.
struct Timing: Equatable, Sendable {
    private var meanNanoseconds: Int64 = 0
    private var deviationNanoseconds: Int64 = 0
    private(set) var count = 0

    mutating func note(_ sample: Duration) {
        let sample = Int64(clamping: sample.wholeNanoseconds)
        count += 1
        guard count > 1 else {
            meanNanoseconds = sample
            deviationNanoseconds = sample / 2
            return
        }
        let error = abs(sample - meanNanoseconds)
        deviationNanoseconds += (error - deviationNanoseconds) / 4
        meanNanoseconds += (sample - meanNanoseconds) / 8
    }

    var mean: Duration { .nanoseconds(meanNanoseconds) }

    /// The time after which a sample counts as late, going by the spread so far; nil before the
    /// first.
    var latest: Duration? { latest(times: 1) }

    /// The same for something that takes `factor` times as long.
    func latest(times factor: Int64) -> Duration? {
        count == 0 ? nil : .nanoseconds((meanNanoseconds + deviationNanoseconds * 4) * factor)
    }
}
