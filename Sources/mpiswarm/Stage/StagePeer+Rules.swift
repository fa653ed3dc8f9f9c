import CommandLine
import Staging
import Swarm
import Vocabulary

/// The rules of the machines of a rank.
extension StagePeer {
    func downloaderRules(_ order: StageOrder) -> DownloaderRules {
        var rules = job.grouping.downloaderRules(of: rank)
        rules.kind = .staged
        rules.heirs = job.grouping.heirs
        rules.seed = order.job
        rules.picker = PickerChoice(options.picker)
        rules.reportsProgress = true
        rules.keepsTimeline = options.report != nil
        rules.countsWork = options.stats
        rules.reportsNames = reportsNames(order)
        rules.bytesInFlightMax = options.memory.bytes / 8 * 3
        order.adapt(&rules)
        return rules
    }

    func uploaderRules(_ order: StageOrder) -> UploaderRules {
        var rules = job.grouping.uploaderRules(of: rank)
        rules.heirs = job.grouping.heirs
        rules.seed = order.job
        rules.serving = Serving(options.policy)
        rules.countsWork = options.stats
        // A few of the pieces that were read last have not been sent yet.
        rules.recentByteCountMax = recentByteCountMax(order) / 8 * 7
        return rules
    }

    /// The bytes of recent pieces that are kept in memory for others. A rank that only sends needs
    /// no memory for pieces that arrive, and its pieces may be far away; those of a receiver are in
    /// the page cache.
    func recentByteCountMax(_ order: StageOrder) -> Int {
        options.memory.bytes / 8 * (order.landing == nil ? 6 : 1)
    }
}
