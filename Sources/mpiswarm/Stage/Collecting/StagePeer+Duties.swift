import CommandLine
import Content
import Staging
import Storage
import Vocabulary

extension StagePeer {
    /// Whether the tracker has to know which copies of this rank have their final names.
    func reportsNames(_ order: StageOrder) -> Bool {
        guard let collect = options.collect, !options.dryRun else { return false }
        return order.reportsNames(removesSource: collect.removesSource)
    }

    /// Nil if SOURCE stays.
    private func removalTerms(_ hasUnread: Bool) -> RemovalTerms? {
        guard options.collect?.removesSource == true else { return nil }
        return RemovalTerms(
            isIncomplete: hasUnread,
            incompleteWords: "--remove-source removes nothing of \(options.sourcePaths[0]), "
                + "because some of it cannot be read"
        ) { [filter = job.filter] in filter.covers($0, isFolder: $1) }
    }

    /// The work of this rank on a content, which an order has given to it.
    func duty(
        of manifest: TreeManifest, by order: StageOrder, _ hasUnread: Bool, _ cache: JobCache?
    ) -> TreeDuty {
        var duty = TreeDuty()
        duty.number = Int(truncatingIfNeeded: manifest.origin.job &- order.job)
        duty.cache = cache
        if manifest.origin.publisher == rank { duty.removal = removalTerms(hasUnread) }
        guard order.duties.indices.contains(duty.number) else { return duty }
        let ordered = order.duties[duty.number]
        duty.isFragment = ordered.isFragment
        if ordered.isPartial, let file = manifest.entries.last?.path {
            duty.share = { $0.pieces(within: [file: ordered.parts]) }
        } else if let share = ordered.share {
            duty.share = { share.pieces(of: $0.geometry.pieceCount) }
        }
        duty.asksPublisher = ordered.asksPublisher
        duty.standsBy = ordered.standsBy
        duty.folder = ordered.landing?.folder
        duty.name = ordered.landing?.name
        addParts(to: &duty, of: manifest, by: order)
        return duty
    }
}
