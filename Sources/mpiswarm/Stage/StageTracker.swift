import CommandLine
import Content
import Glibc
import MPITransport
import Node
import Staging
import Storage
import Swarm
import Vocabulary
import Wire

/// A tracker of `stage`. Rank 0 collects the surveys, sends the orders, tracks, and leaves last
/// with the result. The other trackers begin with their orders, and the next one reports the result
/// when rank 0 is lost.
struct StageTracker: Sendable {
    private let job: StageJob
    /// The part of rank 0, nil on the other ranks.
    private let lead: Lead?
    private let rankCount: Int

    private struct Lead {
        let wish: StageWish
        let rules: TrackerRules
    }

    private var options: StageOptions { job.options }
    private var clock: ProcessClock { job.clock }

    /// An error that rank 0 finds ends the job before it begins.
    init(_ job: StageJob, rankCount: Int) throws(StageWishError) {
        self.job = job
        self.rankCount = rankCount
        guard job.rank == .first else {
            lead = nil
            return
        }
        var wish = try StageWish.of(job.options, job.filter).get()
        if let ranks = job.destinationView { wish.write(by: ranks) }
        do throws(SuperPeerError) {
            let rules = try job.superPeers.rules(of: .first)
            lead = Lead(wish: wish, rules: rules)
            if let warning = job.superPeers.warning(rules) {
                job.log.print("mpiswarm: \(warning)")
            }
        } catch { throw .trackers(error) }
    }

    func track(_ network: consuming MPIEndpoint) -> Int32 {
        if let lead { return first(network, lead) }
        // The other trackers get an order only if rank 0 does not refuse the job.
        if let order = job.order.wait(), let tracking = order.tracking {
            return second(network, order, tracking)
        }
        var network = network
        close(&network, by: clock)
        return 0
    }

    // MARK: rank 0

    private func first(
        _ network: consuming MPIEndpoint, _ lead: Lead
    ) -> Int32 {
        let rankCount = rankCount
        let wish = lead.wish
        var terms = StagePlan.Terms(job: jobNumber())
        terms.pieceLength = options.pieceSize.map { Int64($0.bytes) }
        terms.digest = options.digest == .xxh3 ? .xxh3 : .sha256
        terms.librarySuffix = options.withLibs ? LinkedExecutable.suffix : nil
        terms.extras = options.delete ? .removed : .counted
        // What others have collected to the same place is no mistake.
        if options.collect != nil { terms.extras = .ignored }
        terms.trackerCount = job.superPeers.grouping.trackerCount
        let clock = clock
        var coordinator = StageCoordinatorNode(network, now: clock.now) { _, effects in
            StageCoordinator(wish, terms, rankCount: rankCount, now: clock.now, effects: &effects)
        }
        let plan = plan(&coordinator)
        let findings = findings(of: coordinator.machine)
        var left = coordinator.leave()
        guard let plan else {
            job.ending.conclude()
            close(&left, by: clock)
            job.log.print("mpiswarm: \(options.command): \(findings.refusal ?? "there is no plan")")
            return findings.status
        }
        for sentence in findings.leftOut {
            job.log.print("mpiswarm: \(sentence)")
        }
        for line in findings.excluded {
            job.log.print(line, on: StageOutputs.stream(options))
        }
        let report = StageReport(
            options, plan, findings.surveys, unreadable: findings.unreadable,
            doubt: findings.doubt, job.log)
        report.warnOfRanks(job.destinationView)
        var rules = lead.rules
        rules.seed = plan.job
        add(plan.roomGroups, contentCount: plan.roomContentCount, to: &rules)
        if options.collect != nil, !options.dryRun {
            rules.collected = plan.collected(job.publications.wait())
        }
        if options.collect?.removesSource == true {
            rules.removal = options.then == nil ? .forEach : .together
        }
        rules.unordered = plan.unordered(of: rankCount)
        rules.unresponsive = findings.unresponsive
        return track(left, rules, StageReporter(report, job))
    }

    private struct Findings {
        let surveys: [Rank: Survey]
        /// The sentence about a job that is refused.
        let refusal: String?
        let status: Int32
        /// The sentences about entries that are not staged, and the number of those that could not
        /// be read.
        let leftOut: [String]
        let excluded: [String]
        let unreadable: Int
        let doubt: ExtrasDoubt?
        let unresponsive: [Rank]
    }

    /// The findings of the coordinator, which is consumed later. This call is not inlined, because
    /// in optimised builds the compiler of Swift 6.3 frees values that were read from the
    /// coordinator when `leave` consumes it.
    @inline(never)
    private func findings(of coordinator: borrowing StageCoordinator) -> Findings {
        Findings(
            surveys: coordinator.surveys, refusal: coordinator.refusal?.sentence,
            status: coordinator.refusal?.exitStatus ?? UsageError.exitStatus,
            leftOut: coordinator.leftOut.filter { $0.reason != .excluded }.flatMap(\.sentences),
            excluded: coordinator.leftOut.filter { $0.reason == .excluded }.flatMap(\.sentences),
            unreadable: coordinator.leftOut.reduce(0) {
                $0 + ([.unreadable, .missing].contains($1.reason) ? $1.count : 0)
            }, doubt: coordinator.doubt, unresponsive: coordinator.unresponsive)
    }

    /// Plans the job; nil if it is refused.
    private func plan(_ coordinator: inout StageCoordinatorNode<MPIEndpoint>) -> StagePlan? {
        var plan: StagePlan?
        var backoff = Backoff()
        var waits = false
        var dead = DeathNotes(job.deaths)
        while !coordinator.isOver {
            for rank in dead.take() { coordinator.died(rank, now: clock.now) }
            if coordinator.step(now: clock.now) { backoff.reset() }
            if !waits, let taken = coordinator.machine.waitsFor {
                waits = true
                let host =
                    coordinator.machine.surveys[taken.rank].map { "\(harmless($0.host)), " } ?? ""
                let words = options.wait.map { "for \($0.shortText) at most" } ?? "for its end"
                let same = options.cache == nil ? "" : ", or the same SOURCE through its cache"
                job.log.print(
                    "mpiswarm: \(host)rank \(taken.rank): another job stages to "
                        + "\(harmless(taken.path))\(same): waiting \(words)")
            }
            // The plan is final only when the coordinator's work is over: before, the job may be
            // refused, or planned again.
            if plan == nil, coordinator.machine.stage == .over, let made = coordinator.machine.plan
            {
                job.publications.keep(made.contents.map { TreePublication($0) })
                plan = made
                job.ending.shareResult()
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        return plan
    }

    private func add(
        _ roomGroups: [[Rank]], contentCount: Int, to rules: inout TrackerRules
    ) {
        rules.kind = .staged
        rules.roomGroups = roomGroups
        rules.roomContentCount = contentCount
    }

    private func track(
        _ network: consuming MPIEndpoint, _ rules: TrackerRules, _ reporter: some JobReporter
    ) -> Int32 {
        let node = TrackerNode(
            rules: rules, network: network,
            trace: openTrace(options.traceDirectory, job.rank, job.log), now: clock.now)
        return TrackerLoop(ending: job.ending, deaths: job.deaths, clock: clock)
            .run(node, reporter) ?? 0
    }

    /// A number that distinguishes the contents of this job from those of any other.
    private func jobNumber() -> UInt64 {
        var chance = Chance(seed: wallClock() ^ UInt64(getpid()) << 44)
        return chance.next()
    }

    // MARK: the others

    private func second(
        _ network: consuming MPIEndpoint, _ order: StageOrder, _ tracking: StageTracking
    ) -> Int32 {
        var rules: TrackerRules
        do throws(SuperPeerError) { rules = try job.superPeers.rules(of: job.rank) } catch {
            // Rank 0 could read a file that this node cannot.
            job.log.print("mpiswarm: \(options.command): rank \(job.rank): \(error.sentence)")
            var network = network
            close(&network, by: clock)
            return UsageError.exitStatus
        }
        rules.seed = order.job
        add(tracking.roomGroups, contentCount: order.duties.count, to: &rules)
        let account = StageAccount(options: options, order: order, clock: clock, log: job.log)
        let reporter = HeirReporter(
            job.log, interruptedWords: account.interruptedWords, report: account.report)
        return track(network, rules, reporter)
    }
}
