import CommandLine
import Glibc
import Simulation
import Vocabulary

/// One line on a terminal while a simulation runs; nothing if standard error is no terminal.
final class SimulationProgress {
    private let job: SimulatedJob
    private let seed: Int
    private let clock: ProcessClock
    private let isShown: Bool
    private var next: Tick

    init(of job: SimulatedJob, seed: Int, clock: ProcessClock) {
        self.job = job
        self.seed = seed
        self.clock = clock
        isShown = isatty(STDERR_FILENO) == 1
        next = clock.now + .milliseconds(500)
    }

    func show() {
        guard isShown, clock.now >= next else { return }
        next = clock.now + .milliseconds(200)
        let all = job.options.wantedByteCount * Double(job.options.peers)
        let got = Double(job.network.counts.received.reduce(0, +))
        let percent = min(100, got / all * 100)
        let virtual = fixed((job.network.now - .zero).inSeconds, 1)
        say("\r\u{1B}[Kseed \(seed): \(fixed(percent, 1)) % at \(virtual) s", on: .error)
    }

    func erase() {
        if isShown { say("\r\u{1B}[K", on: .error) }
    }
}

/// A number with that number of decimals.
func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, value < 1e15 else { return "-" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(scaled)" }
    let rest = String(scaled % Int64(scale))
    return "\(sign)\(scaled / Int64(scale))."
        + String(repeating: "0", count: places - rest.count) + rest
}
