import Swarm
import Vocabulary

/// Copies that get their names, and sources that are removed.
extension NetworkState {
    mutating func wantFinished(_ content: ContentID, by rank: Rank) {
        let isWhole = disks[Int(rank.raw)].kept(of: content)?.isFull == true
        if contents.allSatisfy(\.geometry.carriesBytes), !isWhole {
            watch?.note(.finishedUnkept(by: rank))
        }
        guard !collected.isEmpty else { return finishes.finished(Int(rank.raw), at: now) }
        for owner in collected.named(content, by: rank) {
            finishes.finished(Int(owner.raw), at: now)
        }
    }

    /// A rank removes its source for good.
    mutating func removeSource(of content: ContentID, by rank: Rank) {
        let row = collected.removed(content)
        if row.map({ isCopied($0, from: rank) }) != true {
            watch?.note(.removedUncollected(by: rank))
        }
        disks[Int(rank.raw)].removeSource(of: content)
    }

    /// Whether the copy has its name, and every byte of the source. A disk that once returned wrong
    /// bytes may have returned them to its own rank, which cannot notice that.
    private func isCopied(_ row: CollectedTable.Row, from source: Rank) -> Bool {
        let copy = disks[Int(row.collected.writer.raw)]
        let content = row.collected.content
        guard row.isNamed, row.collected.source == source, let kept = copy.kept(of: content),
            kept.isFull
        else { return false }
        return disks[Int(source.raw)].rottenReads > 0
            || (0..<kept.capacity).allSatisfy { copy.version(of: PieceIndex($0), of: content) == 0 }
    }
}
