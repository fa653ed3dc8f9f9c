import Vocabulary

/// Keeps what a rank sends below a rate. A piece goes as a whole as soon as those before it would
/// have left at that rate, so that over any time the rate is exceeded by one piece at most.
package struct Throttle: Sendable {
    /// Infinite for no limit.
    private let bytesPerSecond: Double
    private var openAt = Tick.zero

    package init(bytesPerSecond: Double = .infinity) {
        precondition(bytesPerSecond > 0, "at no rate nothing ever leaves")
        self.bytesPerSecond = bytesPerSecond
    }

    func isOpen(now: Tick) -> Bool { openAt <= now }

    mutating func took(_ byteCount: Int, now: Tick) {
        guard bytesPerSecond < .infinity else { return }
        openAt = max(openAt, now) + .seconds(Double(byteCount) / bytesPerSecond)
    }
}
