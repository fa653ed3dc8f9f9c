import Vocabulary

/// How long something takes: a mean and a deviation that forget, as round-trip estimators do.
struct Timing: Equatable, Sendable {
    private(set) var mean = Duration.zero
    private(set) var deviation = Duration.zero
    private(set) var count = 0

    mutating func note(_ sample: Duration) {
        count += 1
        guard count > 1 else {
            mean = sample
            deviation = sample / 2
            return
        }
        let error = sample > mean ? sample - mean : mean - sample
        deviation += (error - deviation) / 4
        mean += (sample - mean) / 8
    }

    /// What is late, if samples are spread as they were so far; nil before the first.
    var latest: Duration? { count == 0 ? nil : mean + deviation * 4 }
}
