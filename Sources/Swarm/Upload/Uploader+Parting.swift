import Vocabulary
import Wire

/// Leaves without taking along pieces that others still need. A receiver that completes with a
/// piece that has just come from the source is the only one to have it. If it left at once, the
/// source would have to send that piece again, to the next receiver that leaves with it.
extension Uploader {
    /// How long to wait for neighbours that still need pieces. A dead neighbour stays interested
    /// for ever, and a few sends in a row are enough to pass a piece on.
    var partingPatience: Duration {
        dispatch.outflow.patience(
            of: audience.contents.map { Int($0.geometry.pieceLength.raw) }.max() ?? 0, rules)
    }

    /// The time that neighbours have to learn that this rank has everything, and to report what
    /// they need.
    static let partingGrace = Duration.seconds(1)

    mutating func makeReady(now: Tick) {
        isScheduleDue = true
        parting = parting ?? now + Self.partingGrace..<now + partingPatience
    }

    mutating func part(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard let parting, stage == .serving, parting.lowerBound <= now,
            parting.upperBound <= now || !audience.contents.contains(where: \.isMissed)
        else { return }
        self.parting = nil
        effects.append(.tell(.dispensable))
    }

}

extension ServedContent {
    /// Whether a neighbour still wants a piece of ours that no staying rank has. Neighbours that
    /// have everything do not count: they may be about to leave too, and a source may be slow.
    fileprivate var isMissed: Bool {
        let waiting = neighbours.indices.filter {
            neighbours[$0].isInterested && neighbours[$0].lacking > 0
        }
        guard !waiting.isEmpty else { return false }
        return (0..<held.wordCount).contains { word in
            var lacked: UInt64 = 0
            var kept: UInt64 = 0
            for place in waiting {
                let pieces = holdings.word(word, in: place)
                lacked |= ~pieces
                kept |= pieces
            }
            return lacked & ~kept & held.word(word) != 0
        }
    }
}
