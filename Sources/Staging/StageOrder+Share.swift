package import Content
package import Swarm
import Vocabulary
import Wire

extension StageOrder {
    /// What a peer with this order brings into the swarm: the contents that it reads or keeps are
    /// wanted. Rank 0's peer also describes what the plan publishes.
    package func share(describing publications: [TreePublication]) -> Share {
        var share = Share()
        for (number, publication) in publications.enumerated() {
            share.described.append(
                Share.Owned(
                    name: StagedName.content(number), content: publication.content,
                    geometry: publication.geometry, manifest: publication.descriptor))
        }
        for (number, duty) in duties.enumerated()
        where duty.share != nil || duty.standsBy || landing != nil {
            share.wants.append(StagedName.content(number))
        }
        return share
    }
}

extension TreePublication {
    /// What the tracker passes on of it: a manifest that is too long for a message is a content
    /// itself.
    fileprivate var descriptor: Descriptor {
        nested.map { Descriptor(nested: $0.content, manifest: $0.encoded) }
            ?? Descriptor(inline: encoded)
    }
}
