import Content
import Staging
import Storage
import Vocabulary

extension StagePeer {
    /// The work of this rank on a content, which an order has given to it.
    func duty(
        of manifest: TreeManifest, by order: StageOrder, _ cache: JobCache?
    ) -> TreeDuty {
        var duty = TreeDuty()
        duty.number = Int(truncatingIfNeeded: manifest.origin.job &- order.job)
        duty.cache = cache
        guard order.duties.indices.contains(duty.number) else { return duty }
        let ordered = order.duties[duty.number]
        if ordered.isPartial, let file = manifest.entries.last?.path {
            duty.share = { $0.pieces(within: [file: ordered.parts]) }
        } else if let share = ordered.share {
            duty.share = { share.pieces(of: $0.geometry.pieceCount) }
        }
        duty.asksPublisher = ordered.asksPublisher
        duty.standsBy = ordered.standsBy
        duty.folder = ordered.landing?.folder
        duty.name = ordered.landing?.name
        return duty
    }
}
