package import Content
package import Swarm
import Vocabulary
import Wire

extension StageOrder {
    /// The share of a peer with this order: it wants the contents that it reads or keeps. The peer
    /// of rank 0 also describes the contents that the plan publishes.
    package func share(describing publications: [TreePublication]) -> Share {
        var share = Share()
        for (number, publication) in publications.enumerated() {
            share.described.append(
                Share.Owned(
                    name: StagedName.content(number), content: publication.content,
                    geometry: publication.geometry, manifest: publication.descriptor))
        }
        for (number, duty) in duties.enumerated() where duty.isWanted {
            share.wants.append(StagedName.content(number))
        }
        return share
    }
}

extension TreePublication {
    /// The descriptor that the tracker passes on: a manifest that is too long for a message is a
    /// content itself.
    fileprivate var descriptor: Descriptor {
        nested.map { Descriptor(nested: $0.content, manifest: $0.encoded) }
            ?? Descriptor(inline: encoded)
    }
}
