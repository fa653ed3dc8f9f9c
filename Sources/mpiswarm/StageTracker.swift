import CLinux
import CommandLine
import Content
import Glibc
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary
import Wire

/// Rank 0 of `stage`: hears what all see, tells them what to do, tracks, and leaves last with the
/// verdict.
struct StageTracker: Sendable {
    private let wish: StageWish
    private let rankCount: Int
    private let options: StageOptions
    private let clock: ProcessClock
    private let library: StageLibrary

    init(
        _ options: StageOptions, _ clock: ProcessClock, _ library: StageLibrary, _ wish: StageWish,
        rankCount: Int
    ) {
        self.wish = wish
        self.rankCount = rankCount
        self.options = options
        self.clock = clock
        self.library = library
    }

    func track(_ network: consuming MPIEndpoint) -> Int32 {
        let (wish, rankCount) = (wish, rankCount)
        var terms = StagePlan.Terms(job: jobNumber())
        terms.pieceLength = options.pieceSize.map { Int64($0.bytes) }
        terms.digest = options.digest == .xxh3 ? .xxh3 : .sha256
        let clock = clock
        var muster = MusterNode(network) { effects in
            Muster(wish, terms, rankCount: rankCount, now: clock.now, effects: &effects)
        }
        let plan = plan(&muster)
        let surveys = muster.machine.surveys
        let refusal = muster.machine.refusal
        let leftOut = muster.machine.leftOut
        var left = muster.leave()
        guard let plan else {
            close(&left, by: clock)
            let words = refusal?.sentence ?? "there is no plan"
            say("mpiswarm: stage: \(words)\n", on: .error)
            return refusal?.exitStatus ?? UsageError.exitStatus
        }
        for found in leftOut { say("mpiswarm: \(found.sentence)\n", on: .error) }
        let story = StageStory(options, plan, surveys)
        return track(left, story)
    }

    /// Nil when it is refused.
    private func plan(_ muster: inout MusterNode<MPIEndpoint>) -> StagePlan? {
        var plan: StagePlan?
        var backoff = Backoff()
        while !muster.isOver {
            if muster.step(now: clock.now) { backoff.reset() }
            if plan == nil, let made = muster.machine.plan {
                library.put(made.contents.map { TreePublication($0) })
                plan = made
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        return plan
    }

    private func track(_ network: consuming MPIEndpoint, _ story: StageStory) -> Int32 {
        var rules = TrackerRules(firstPeer: .first, peerCount: rankCount)
        rules.seed = story.job
        rules.roomGroups = story.plan.roomGroups
        rules.roomContentCount = story.plan.contents.count
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceDirectory, .first),
            now: clock.now)
        var progress = StageProgress(options, story, clock)
        var backoff = Backoff()
        var isOverdue = false
        while !node.isOver {
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() { progress.interrupt(story.sentence(warning)) }
            progress.show(node.machine.peers)
            if !isOverdue, let timeout = options.timeout, clock.now >= .zero + timeout {
                isOverdue = true
                progress.interrupt("given up after \(timeout.shortText)")
                node.giveUp(now: clock.now)
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        progress.erase()
        let peers = node.machine.peers
        var left = node.leave()
        close(&left, by: clock)
        return story.tell(peers, took: clock.now - .zero)
    }

    /// Tells this job's contents from those of any other.
    private func jobNumber() -> UInt64 {
        var chance = Chance(seed: wallClock() ^ UInt64(getpid()) << 44)
        return chance.next()
    }
}
