import Control
import Simulation
import Swarm
import Vocabulary

/// The report of one run with faults: the faults with their times, and the result.
struct CampaignRunReport {
    private let job: SimulatedJob
    private let outcome: SimulationOutcome

    private struct Line {
        let time: Tick
        let words: String
    }

    init(_ job: SimulatedJob, _ outcome: SimulationOutcome) {
        self.job = job
        self.outcome = outcome
    }

    var text: String {
        let known = conditions.map { "  \($0)" }
        // Events of one moment stay in the order in which they were noted.
        let lines = (strikes + news + ends).enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        let told = lines.map { "\(seconds($0.element.time))  \($0.element.words)" }
        return ([heading] + known + told + results).joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let options = job.options
        let last = options.lastPieceShorterBy == 0 ? "" : ", the last one shorter"
        let size = ByteCount(Int64(options.pieceLength)).words
        let pieces =
            options.carriesBytes
            ? "\(options.pieces) pieces of \(size)\(last)" : "\(options.pieces) labels"
        let sources = options.sources == 1 ? "1 source" : "\(options.sources) sources"
        let trackers = options.trackers == 1 ? "" : "\(options.trackers) trackers, "
        let job = options.kind == .batch() ? "" : "\(options.command), "
        let shape = "\(trackers)\(sources), \(options.peers) peers, \(pieces), "
        return "seed \(options.seed): \(job)\(shape)"
            + "\(options.serving.rawValue), \(options.picker.rawValue)"
    }

    /// The faults that last until everything heals.
    private var conditions: [String] {
        let plan = job.plan
        let rates = [job.options.peerUp, job.options.peerDown].map(rate).joined(separator: " up, ")
        var lines = ["links: \(rates) down, latency \(fixed(latency, 2)) ms"]
        lines.append("faults: \(plan.kinds.map(\.name).joined(separator: ", "))")
        if plan.jitterMax > .zero {
            lines.append("messages are up to \(fixed(plan.jitterMax.inSeconds, 3)) s late")
        }
        for rank in 1..<job.options.rankCount {
            let mischief = plan.kinds.filter { kind in
                !kind.mischief.isEmpty && plan.mischief[rank].isSuperset(of: kind.mischief)
            }
            if !mischief.isEmpty {
                let names = mischief.map(\.name).joined(separator: ", ")
                lines.append("rank \(rank) is dishonest: \(names)")
            }
            if let disk = plan.disks[rank] { lines += words(of: disk, rank) }
        }
        return lines
    }

    private var latency: Double { job.options.latency.base.inSeconds * 1000 }

    private func rate(_ bytesPerSecond: Double) -> String {
        bytesPerSecond.isFinite
            ? "\(ByteCount(Int64(bytesPerSecond)).words)/s" : "unlimited"
    }

    private func words(of disk: DiskModel, _ rank: Int) -> [String] {
        var lines: [String] = []
        if disk.shortWriteEvery > 0 {
            lines.append("rank \(rank)'s disk cuts every write number \(disk.shortWriteEvery)")
        }
        if disk.failingFromWrite > 0 {
            lines.append("rank \(rank)'s disk fails from write \(disk.failingFromWrite) on")
        }
        if disk.capacity < .max {
            let size = ByteCount(disk.capacity).words
            lines.append("rank \(rank)'s disk has room for \(size)")
        }
        if disk.unreadableEvery > 0 {
            lines.append(
                "rank \(rank)'s disk cannot read every piece number \(disk.unreadableEvery)")
        }
        if disk.rotEvery > 0 {
            lines.append("rank \(rank)'s disk spoils every read number \(disk.rotEvery)")
        }
        return lines
    }

    private var strikes: [Line] {
        let plan = job.plan
        var lines: [Line] = []
        for (rank, time) in plan.joinsAt.enumerated() {
            if let time { lines.append(Line(time: time, words: "rank \(rank) comes late")) }
        }
        for step in plan.steps where step.time <= outcome.end {
            lines.append(Line(time: step.time, words: words(of: step)))
        }
        if plan.healsAt <= outcome.end {
            lines.append(Line(time: plan.healsAt, words: "everything heals"))
        }
        return lines
    }

    private func words(of step: FaultPlan.Step) -> String {
        let who = "rank \(step.rank)"
        switch step.kind {
        case .kill, .killedPublisher, .orphan, .killedTrackers, .lostTracker:
            return "\(who) is killed"
        case .pause, .stoppedTracker: return step.isEnd ? "\(who) goes on" : "\(who) stands still"
        case .slow:
            let factor = fixed(job.plan.slowness[step.rank], 0)
            return step.isEnd
                ? "\(who)'s links are as fast as before"
                : "\(who)'s links are \(factor) times slower"
        default: return "\(who): \(step.kind.name)"
        }
    }

    /// The warnings of the tracker.
    private var news: [Line] {
        job.warnings.rows.map { warning, time in
            switch warning {
            case .lost(let rank), .died(let rank), .unresponsive(let rank):
                Line(time: time, words: "the tracker counts rank \(rank) as lost")
            case .returned(let rank): Line(time: time, words: "to the tracker rank \(rank) is back")
            case .disagreement: Line(time: time, words: "the sources disagree")
            case .parted: Line(time: time, words: "some trackers hear no queries any more")
            case .noted(let rank, let words): Line(time: time, words: "rank \(rank): \(words)")
            case .accused(let rank, _, let accuser):
                Line(time: time, words: "rank \(accuser) does not believe rank \(rank) any more")
            }
        }
    }

    private var ends: [Line] {
        let firstPeer = job.options.firstReceiver
        return outcome.finishedAt.enumerated().filter { $0.element < .never }.map { place, time in
            Line(time: time, words: "rank \(firstPeer + place) has everything")
        }
    }

    private var results: [String] {
        let missing = outcome.finishedAt.count - outcome.finishedCount
        var lines = [
            "\(outcome.finishedCount) of \(outcome.finishedAt.count) peers have everything"
        ]
        if missing > 0 {
            lines[0] += ", \(outcome.missing.count) of the other \(missing) should"
        }
        let rare = job.branches.filter { $0.count > 0 }.map { "\($0.name) \($0.count)" }
        lines.append("rare branches: \(rare.isEmpty ? "none" : rare.joined(separator: ", "))")
        return lines
    }

    private func seconds(_ time: Tick) -> String {
        let text = fixed((time - .zero).inSeconds, 3)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text + " s"
    }
}
