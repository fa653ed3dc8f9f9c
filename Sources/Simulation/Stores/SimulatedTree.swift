import Content
import Staging
import Vocabulary

/// A staged content at one rank.
final class SimulatedTree {
    enum Stage {
        /// Its room is not settled, or the download thread does not have its pieces.
        case settling
        case open
        /// The store has reported that it is finished.
        case finished
        /// The copy here will never be complete.
        case failed
    }

    let content: ContentID
    let geometry: Geometry
    let publisher: Rank
    let duty: StageOrder.Duty
    /// The pieces that it is to read from its source.
    let share: PieceSet?
    var keepsCopy: Bool
    var stage = Stage.settling
    var reads: PieceSet
    /// Pieces that were read here from the source and differ from the publisher's.
    var foreign: PieceSet
    /// Pieces that other ranks sent.
    var received: PieceSet
    /// Pieces that were in place, and need no proof.
    var believed: PieceSet
    var digests: SimulatedDigests
    /// The publisher is gone, and this rank has taken over.
    var isPublishing = false
    var isTabled = false

    init(
        _ content: ContentID, _ manifest: TreeManifest, _ duty: StageOrder.Duty, keepsCopy: Bool
    ) {
        self.content = content
        geometry = manifest.geometry
        publisher = manifest.origin.publisher
        self.duty = duty
        share = Self.share(duty, of: manifest)
        self.keepsCopy = keepsCopy
        reads = PieceSet(none: manifest.geometry.pieceCount)
        foreign = reads
        received = reads
        believed = reads
        digests = SimulatedDigests(content, pieceCount: manifest.geometry.pieceCount)
    }

    var isOpen: Bool { stage != .settling }
    var hasFailed: Bool { stage == .failed }

    private static func share(_ duty: StageOrder.Duty, of manifest: TreeManifest) -> PieceSet? {
        guard duty.isPartial, let file = manifest.entries.last?.path else {
            return duty.share?.pieces(of: manifest.geometry.pieceCount)
        }
        return manifest.pieces(within: [file: duty.parts])
    }
}
