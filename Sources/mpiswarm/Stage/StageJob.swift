import CommandLine
import Content
import Launch
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary

/// What the threads of one rank of `stage` have in common.
struct StageJob: Sendable {
    let options: StageOptions
    let superPeers: SuperPeers
    let rank: Rank
    let ending: JobEnding
    let deaths: DeathWatch
    let clock = ProcessClock()
    /// What rank 0's tracker has its own peer serve: the descriptions of all contents. It puts them
    /// there before it gives any orders, or right after.
    let publications = Promised<[TreePublication]>()
    /// What this rank's peer was told to do, for its tracker; nil when there is no job.
    let order = Promised<StageOrder?>()

    init(
        options: StageOptions, superPeers: SuperPeers, rank: Rank, _ ending: JobEnding,
        _ deaths: DeathWatch
    ) {
        self.options = options
        self.superPeers = superPeers
        self.rank = rank
        self.ending = ending
        self.deaths = deaths
    }

    var grouping: Grouping { superPeers.grouping }

    /// What this rank does when all trackers are lost.
    func heir(at place: MPIPlace) -> Heir {
        Heir(
            at: place, by: clock, ending, deaths,
            trace: openTrace(options.traceDirectory, rank),
            rules: { [grouping, order, rank] inheritance in
                var rules = grouping.rules(of: rank, after: inheritance)
                rules.seed = order.wait()?.job ?? 1
                return rules
            },
            interruptedWords: { [self] in account.interruptedWords($0) },
            report: { [self] in account.report($0) })
    }

    /// Of a rank that has its order.
    private var account: StageAccount {
        StageAccount(options: options, order: order.wait() ?? StageOrder(), clock: clock)
    }
}
