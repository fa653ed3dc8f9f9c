import CommandLine
import Content
import Launch
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary

/// The values that the threads of one rank of `stage` share.
struct StageJob: Sendable {
    let options: StageOptions
    /// The filter, which is the same on every rank.
    let filter: PathFilter
    let superPeers: SuperPeers
    let rank: Rank
    let ending: JobEnding
    let deaths: DeathWatch
    let log: JobLog
    /// The line to the runner of commands; nil if no command follows the copy.
    let hooks: HookLine?
    let clock = ProcessClock()
    /// The descriptions of all contents, which the peer of rank 0 serves. The tracker makes them
    /// before it sends orders, or right after.
    let publications = Promised<[TreePublication]>()
    /// The ranks that see the DEST of `collect` as rank 0 does; nil if rank 0 alone writes.
    let destinationView: [Rank]?
    /// On rank 0: whether all that other ranks write has its final names, once that is decided.
    let othersAreNamed = Promised<Bool>()
    /// The tree of an archive that was still being read when the plan was made, on rank 0.
    let whole = Mailbox<TreeManifest>()
    /// The order of the peer of this rank, for its tracker; nil when there is no job.
    let order = Promised<StageOrder?>()

    init(
        options: StageOptions, filter: PathFilter, superPeers: SuperPeers, rank: Rank,
        _ ending: JobEnding,
        _ deaths: DeathWatch, _ log: JobLog, _ hooks: HookLine? = nil,
        destinationView: [Rank]? = nil
    ) {
        self.options = options
        self.filter = filter
        self.superPeers = superPeers
        self.rank = rank
        self.ending = ending
        self.deaths = deaths
        self.log = log
        self.hooks = hooks
        self.destinationView = destinationView
    }

    var grouping: Grouping { superPeers.grouping }

    /// The heir of this rank, for the loss of all trackers.
    func heir(at place: MPIPlace) -> Heir {
        Heir(
            at: place, by: clock, ending, deaths,
            trace: openTrace(options.traceDirectory, rank, log), log: log,
            rules: { [grouping, order, rank] inheritance in
                var rules = grouping.rules(of: rank, after: inheritance)
                rules.kind = .staged
                rules.seed = order.wait()?.job ?? 1
                return rules
            },
            interruptedWords: { [self] in account.interruptedWords($0) },
            report: { [self] in account.report($0) })
    }

    /// The report of a rank that has its order.
    private var account: StageAccount {
        StageAccount(options: options, order: order.wait() ?? StageOrder(), clock: clock, log: log)
    }
}
