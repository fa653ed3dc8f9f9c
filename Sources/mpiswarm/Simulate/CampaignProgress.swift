import CommandLine
import Glibc
import Vocabulary

/// One line on a terminal while a campaign runs; nothing if standard error is no terminal.
struct CampaignProgress {
    private let clock: ProcessClock
    private let seeds: ClosedRange<Int>
    private let isShown = isatty(STDERR_FILENO) == 1
    private var next: Tick

    init(_ seeds: ClosedRange<Int>, clock: ProcessClock) {
        self.seeds = seeds
        self.clock = clock
        next = clock.now + .milliseconds(500)
    }

    mutating func show(_ seed: Int, failureCount: Int) {
        guard isShown, clock.now >= next else { return }
        next = clock.now + .milliseconds(200)
        let failed = failureCount == 0 ? "" : ", \(failureCount) failed"
        let number = seed - seeds.lowerBound + 1
        say("\r\u{1B}[Kseed \(seed): \(number) of \(seeds.count)\(failed)", on: .error)
    }

    func erase() {
        if isShown { say("\r\u{1B}[K", on: .error) }
    }
}
