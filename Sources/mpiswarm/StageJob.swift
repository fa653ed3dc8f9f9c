import CommandLine
import Content
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
}
