import Vocabulary

/// How long something takes: a mean and a deviation that forget, as round-trip estimators do.
/// Kept in nanoseconds, because it is asked and told for nearly every piece.
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

    /// What is late, if samples are spread as they were so far; nil before the first.
    var latest: Duration? { latest(times: 1) }

    /// The same for what takes so many times as long.
    func latest(times factor: Int64) -> Duration? {
        count == 0 ? nil : .nanoseconds((meanNanoseconds + deviationNanoseconds * 4) * factor)
    }
}
