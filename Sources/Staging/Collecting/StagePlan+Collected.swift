package import Content
package import Swarm
import Vocabulary

extension StagePlan {
    /// The contents that are collected, with the ranks that write them.
    package func collected(_ publications: [TreePublication]) -> [CollectedContent] {
        let ranks = orders.keys.sorted()
        return publications.enumerated().compactMap { number, publication in
            let writer = ranks.first { orders[$0]?.duties[number].landing != nil }
            let source = publication.manifest.origin.publisher
            return writer.map { CollectedContent(publication.content, of: source, by: $0) }
        }
    }
}

extension StageOrder {
    /// Whether the tracker has to know which collected copies of this rank have their final names.
    package func reportsNames(removesSource: Bool) -> Bool {
        landing != nil && (removesSource || receivers.count > 1)
    }
}
