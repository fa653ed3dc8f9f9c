import CommandLine
import Content
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
    let clock = ProcessClock()
    /// What rank 0's tracker has its own peer serve: the descriptions of all contents. It puts them
    /// there before it gives any orders, or right after.
    let publications = Promised<[TreePublication]>()
    /// What this rank's peer was told to do, for its tracker; nil when there is no job.
    let order = Promised<StageOrder?>()

    init(
        options: StageOptions, superPeers: SuperPeers, rank: Rank, _ ending: JobEnding
    ) {
        self.options = options
        self.superPeers = superPeers
        self.rank = rank
        self.ending = ending
    }

    var grouping: Grouping { superPeers.grouping }

    /// What this rank does when all trackers are lost.
    func heir(at place: MPIPlace) -> Heir {
        Heir(
            at: place, by: clock, trace: openTrace(options.traceDirectory, rank),
            rules: { [grouping, order, rank] inheritance in
                var rules = grouping.rules(of: rank, after: inheritance)
                rules.seed = order.wait()?.job ?? 1
                return rules
            },
            report: { [order, ending] in
                ending.conclude($0.accounts)
                return StageAccount(receivers: order.wait()?.receivers ?? []).report($0)
            })
    }
}
