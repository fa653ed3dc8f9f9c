import CommandLine
import Control
import Launch
import Swarm
import Vocabulary
import Wire

/// The progress of a staged job: one line that changes on a terminal, or a line every few seconds
/// in a file, or a line of JSON each second. If nothing moves for ten seconds, a line names the
/// ranks that the job waits for, once.
struct StageProgress {
    private let report: StageReport
    private let clock: ProcessClock
    private let isTerminal = LauncherTerminal().isReached
    private let isShown: Bool
    private let isJSON: Bool
    private var next = Tick.zero + .milliseconds(500)
    private var lastBytes: Int64 = -1
    private var movedAt: Tick
    private var isStillSaid = false
    private var isOnScreen = false
    private let begun: Tick

    private static let width = 24
    private static let stillAfter = Duration.seconds(10)

    init(_ options: StageOptions, _ report: StageReport, _ clock: ProcessClock) {
        self.report = report
        self.clock = clock
        switch options.progress {
        case .auto: isShown = isTerminal && !options.quiet
        case .always, .json: isShown = true
        case .never: isShown = false
        }
        isJSON = options.progress == .json
        begun = clock.now
        movedAt = begun
    }

    /// Whether the next line is due; computing it takes time.
    var isDue: Bool { clock.now >= next }

    mutating func show(_ peers: [PeerRow]) {
        let now = clock.now
        next = now + (isJSON ? .seconds(1) : isTerminal ? .milliseconds(500) : .seconds(5))
        let receivers = peers.filter { report.isReceiver($0.rank) }
        let done = receivers.reduce(Int64(0)) {
            $0 + $1.report.totals.size.raw + $1.report.totals.read.raw
                + $1.report.manifestTotals.size.raw
        }
        if done != lastBytes {
            lastBytes = done
            movedAt = now
            isStillSaid = false
        }
        sayStill(receivers, now: now)
        guard isShown else { return }
        let needed = receivers.reduce(Int64(0)) { $0 + $1.report.totals.needed.raw }
        let fetched = receivers.reduce(Int64(0)) { $0 + $1.report.totals.size.raw }
        let ready = receivers.count(where: \.hasItsCopy)
        let seconds = max((now - begun).inSeconds, 0.001)
        guard !isJSON else {
            let line =
                "{\"seconds\": \(fixed(seconds, 3)), \"fetched\": \(fetched), "
                + "\"needed\": \(needed), \"complete\": \(ready), \"copies\": \(receivers.count)}\n"
            say(line, on: .error)
            return
        }
        let share = needed == 0 ? 0 : min(1, Double(fetched) / Double(needed))
        let rate = Double(fetched) / seconds
        var line =
            "\(fixed(share * 100, 1)) %, \(ByteCount(fetched).words) of "
            + "\(ByteCount(needed).words), \(ByteCount(Int64(rate)).words)/s"
        if rate > 0, needed > fetched {
            line += ", \(Int(Double(needed - fetched) / rate)) s left"
        }
        line += ", \(ready) of \(receivers.count) copies"
        guard isTerminal else {
            say("\(line)\n", on: .error)
            return
        }
        let filled = Int(share * Double(Self.width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: "-", count: Self.width - filled)
        say("\r\u{1B}[K[\(bar)] \(line)", on: .error)
        isOnScreen = true
    }

    private mutating func sayStill(_ receivers: [PeerRow], now: Tick) {
        guard now - movedAt >= Self.stillAfter, !isStillSaid else { return }
        isStillSaid = true
        let waiting = receivers.filter {
            $0.report.totals.delivered < $0.report.totals.wanted && !$0.isGone
        }
        let names = waiting.prefix(3).map { report.name(of: $0.rank) }.joined(separator: "; ")
        let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
        guard !waiting.isEmpty else { return }
        interrupt("nothing moved for 10 s; not done: \(names)\(more)")
    }

    /// Prints the final state for programs, because a job may be over before the first line is due.
    mutating func end(_ peers: [PeerRow]) {
        erase()
        if isJSON { show(peers) }
    }

    /// Prints a line of its own between those of the progress.
    mutating func interrupt(_ words: String) {
        erase()
        report.log.print("mpiswarm: \(words)")
    }

    mutating func erase() {
        if isOnScreen { say("\r\u{1B}[K", on: .error) }
        isOnScreen = false
    }
}
