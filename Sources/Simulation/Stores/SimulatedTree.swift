import Content
import Staging
import Vocabulary

/// A staged content at one rank.
final class SimulatedTree {
    let content: ContentID
    let geometry: Geometry
    let publisher: Rank
    let duty: StageOrder.Duty
    var keepsCopy: Bool
    /// Its room is settled, and the download thread was told what is here.
    var isOpen = false
    var reads: PieceSet
    /// What was read here of its source and is not what the publisher has.
    var foreign: PieceSet
    /// What other ranks sent.
    var received: PieceSet
    /// What was in place, and needs no proof.
    var believed: PieceSet
    var digests: SimulatedDigests
    /// The publisher is gone, and this rank says what the digests are.
    var isPublishing = false
    var isTabled = false

    init(
        _ content: ContentID, _ manifest: TreeManifest, _ duty: StageOrder.Duty, keepsCopy: Bool
    ) {
        self.content = content
        geometry = manifest.geometry
        publisher = manifest.origin.publisher
        self.duty = duty
        self.keepsCopy = keepsCopy
        reads = PieceSet(none: manifest.geometry.pieceCount)
        foreign = reads
        received = reads
        believed = reads
        digests = SimulatedDigests(content, pieceCount: manifest.geometry.pieceCount)
    }
}
