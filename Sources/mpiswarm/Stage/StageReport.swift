import CommandLine
import Content
import Control
import Node
import Staging
import Storage
import Swarm
import Vocabulary
import Wire

/// The report of rank 0 on a job: the copies, the failures with their reasons, and the time.
struct StageReport {
    let options: StageOptions
    let log: JobLog
    private(set) var plan: StagePlan
    let surveys: [Rank: Survey]
    /// The number of entries that could not be read, and are in no copy.
    let unreadable: Int
    /// The reason why the extra entries of the copies are unknown, if they matter.
    private let doubt: ExtrasDoubt?
    private(set) var contradicted: [Rank] = []

    init(
        _ options: StageOptions, _ plan: StagePlan, _ surveys: [Rank: Survey], unreadable: Int,
        doubt: ExtrasDoubt?, _ log: JobLog
    ) {
        self.doubt = options.delete || options.check ? doubt : nil
        self.options = options
        self.plan = plan
        self.surveys = surveys
        self.unreadable = unreadable
        self.log = log
    }

    /// Notes the ranks whose sources differ from what was collected of them.
    mutating func note(contradicted: [Rank]) { self.contradicted = contradicted }

    /// Notes what is known by now of an archive that was still being read.
    mutating func learn(from whole: Mailbox<TreeManifest>) {
        var found: [TreeManifest] = []
        if whole.empty(into: &found), let manifest = found.last { plan.learn(manifest) }
    }

    /// The ranks that write a copy.
    func isReceiver(_ rank: Rank) -> Bool { plan.orders[rank]?.landing != nil }

    func name(of rank: Rank) -> String {
        let host = surveys[rank].map { "\(harmless($0.host)), " } ?? ""
        return "\(host)rank \(rank)"
    }

    func sentence(_ warning: TrackerWarning) -> String {
        switch warning {
        case .disagreement: "warning: two contents have one name"
        case .lost(let rank): "warning: nothing was heard of \(name(of: rank)): it counts as lost"
        case .unresponsive(let rank):
            "warning: \(name(of: rank)) lives, but does not answer: it counts as lost"
        case .died(let rank): "warning: \(name(of: rank)) has died: it counts as lost"
        case .returned(let rank): "warning: \(name(of: rank)) is back"
        case .parted(let trackers):
            "warning: no query reaches "
                + trackers.map { "rank \($0)" }.joined(separator: " and ") + " any more"
        case .noted(let rank, let words): "warning: \(name(of: rank)): \(harmless(words))"
        case .accused(let rank, let complaint, let accuser):
            "warning: \(name(of: rank)): \(complaint.words(by: name(of: accuser)))"
        }
    }

    /// The reason why a peer has failed; nil if it has not.
    private func failure(of peer: PeerRow) -> String? {
        peer.stagingFailure(
            matters: isReceiver(peer.rank) || plan.orders[peer.rank] == nil)
            ?? contradiction(of: peer.rank)
    }

    /// Prints the result and returns the exit status.
    func tell(_ peers: [PeerRow], took time: Duration) -> Int32 {
        var failures: [Rank: String] = [:]
        for peer in peers { failures[peer.rank] = failure(of: peer) }
        for peer in peers {
            guard let words = failures[peer.rank] else { continue }
            log.print("mpiswarm: \(name(of: peer.rank)): \(harmless(words))")
        }
        let receivers = peers.filter { isReceiver($0.rank) }
        let good = receivers.count { failures[$0.rank] == nil }
        let moved = peers.reduce(ByteCount.zero) { $0 + $1.report.totals.size }
        let read = peers.reduce(ByteCount.zero) { $0 + $1.report.totals.read }
        let seconds = max(time.inSeconds, 0.001)
        let rate = ByteCount(Int64(Double(moved.raw) / seconds))
        let result = tellCollected(peers) ?? "\(good) of \(receivers.count) copies of"
        var line =
            "\(result) \(counted(plan.fileCount, "file")), "
            + "\(plan.total.words); \(moved.words) moved, \(read.words) read from SOURCE, "
            + "\(fixed(seconds, 2)) s, \(rate.words)/s"
        let differences = StageDifferences(peers: peers, plan: plan, name: name)
        let isDifferent = differences.isWrong(options) || doubt != nil
        for line in differences.failures { log.print("mpiswarm: \(line)") }
        if options.check {
            line = tellCheck(
                receivers.filter { failures[$0.rank] == nil }, of: receivers.count, differences)
        } else if options.dryRun {
            tellDry(receivers.filter { failures[$0.rank] == nil }, of: receivers.count)
        } else if options.quiet {
            log.append(line)
        } else {
            log.print(line, on: stream)
        }
        if options.stats, let line = Summary(of: peers, took: time).workLine {
            log.print(line, on: stream)
        }
        tellExtras(differences)
        if good > 0, !options.check, !options.dryRun, let line = StageLibraries(options, plan).line
        {
            if options.quiet { log.append(line) } else { log.print(line, on: stream) }
        }
        var names: [Rank: String] = [:]
        for peer in peers { names[peer.rank] = name(of: peer.rank) }
        let document = StageDocument(
            peers: peers, failures: failures, total: plan.total, files: plan.fileCount,
            seconds: seconds, unreadable: unreadable, isDifferent: isDifferent,
            differences: isDifferent ? differences.lines : [])
        let outputs = StageOutputs(options: options, names: RankNames(names), log: log)
        guard outputs.write(document, line, isReceiver) else { return 1 }
        return failures.isEmpty && unreadable == 0 && !isDifferent && log.isComplete ? 0 : 1
    }

    /// The reason why an archive could not be read to its end; nil if it was.
    func unreadWords(_ peers: [PeerRow]) -> String? {
        guard let reader = plan.early?.reader, plan.contents.isEmpty,
            let peer = peers.first(where: { $0.rank == reader }), !peer.trouble.isEmpty
        else { return nil }
        return StageError.rank(reader, peer.trouble).sentence
    }

    var stream: StandardStream { StageOutputs.stream(options) }

    /// Prints the differences. `peers` are the receivers whose copies could be compared. Returns
    /// the line of the result.
    private func tellCheck(
        _ peers: [PeerRow], of count: Int, _ differences: StageDifferences
    ) -> String {
        for line in differences.lines { log.print(line, on: stream) }
        let equal = doubt == nil ? peers.count { $0.report.differences.isEmpty } : 0
        let counts = differences.counts.joined(separator: ", ")
        let line =
            "\(equal) of \(count) copies are equal to SOURCE: \(counted(plan.fileCount, "file")), "
            + plan.total.words + (counts.isEmpty ? "" : "; \(counts)")
            + (doubt == nil ? "" : "; the comparison is incomplete")
        if options.quiet { log.append(line) } else { log.print(line, on: stream) }
        return line
    }

    /// Prints the line about extra entries, which are no failure.
    private func tellExtras(_ differences: StageDifferences) {
        if let doubt {
            let effect =
                options.check ? "--check finds no extra entries" : "--delete removes nothing"
            log.print("mpiswarm: \(effect): \(doubt.sentence)")
        }
        guard !options.check else { return }
        if options.collect?.removesSource == true { tellRemoval(differences) }
        if options.dryRun, options.delete {
            for line in differences.lines { log.print(line, on: stream) }
        }
        guard let words = differences.extras(isDeleting: options.delete) else { return }
        if options.quiet { log.append(words) } else { log.print(words, on: stream) }
    }

    /// Prints the result of a dry run; `receivers` are the ranks that would get their copy.
    private func tellDry(_ receivers: [PeerRow], of count: Int) {
        for peer in receivers {
            guard let landing = plan.orders[peer.rank]?.landing else { continue }
            let place = landing.name.map { "\(landing.folder)/\($0)" } ?? "\(landing.folder)/"
            let needed = peer.report.totals.lacked
            log.print(
                "\(name(of: peer.rank)): \(needed.words) of \(plan.total.words) to "
                    + harmless(place), on: stream)
        }
        let needed = receivers.reduce(ByteCount.zero) { $0 + $1.report.totals.lacked }
        let copies =
            options.collect == nil
            ? "\(receivers.count) of \(count) copies of "
            : "\(counted(plan.contents.count, "source")) with "
        log.print(
            "\(copies)\(counted(plan.fileCount, "file")): "
                + "\(needed.words) would be fetched or copied", on: stream)
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
