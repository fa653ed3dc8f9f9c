package import Content
package import Swarm
package import Vocabulary
import Wire

extension StageOrder {
    /// The share of a peer with this order: it wants the contents that it reads or keeps. The peer
    /// of rank 0 also describes the contents that the plan publishes. It has to learn of the whole
    /// tree of an archive, which it reports on.
    package func share(of rank: Rank, describing publications: [TreePublication]) -> Share {
        var share = Share()
        if early?.reader == rank {
            share.reading = duties.indices.map {
                Share.Reading(name: StagedName.content($0), size: .zero)
            }
        }
        let reported = early != nil && rank == .first ? duties.count - 1 : nil
        for (number, publication) in publications.enumerated() {
            share.described.append(
                Share.Owned(
                    name: StagedName.content(number), content: publication.content,
                    geometry: publication.geometry, manifest: publication.descriptor))
        }
        for (number, duty) in duties.enumerated() where duty.isWanted || number == reported {
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

extension Share.Owned {
    /// A content that this rank publishes and describes, with its manifest.
    package init(_ publication: TreePublication, number: Int) {
        self.init(
            name: StagedName.content(number), content: publication.content,
            geometry: publication.geometry, manifest: publication.descriptor,
            nestedGeometry: publication.nested?.manifest.geometry)
    }
}
