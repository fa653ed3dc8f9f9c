import Content
import Vocabulary

/// The growing files that a piece has bytes of.
struct PieceFiles {
    /// The files that lie in this piece alone, and are written at once.
    private(set) var whole: [Int] = []
    /// The files that also lie in other pieces.
    private(set) var shared: [Int] = []

    init(of piece: PieceIndex, in layout: TreeLayout, _ states: [EntryState]) {
        for stretch in layout.manifest.stretches(of: piece) {
            guard states[stretch.entry].grows, !layout.data(in: stretch).isEmpty else { continue }
            if Int64(stretch.count) == layout.entries[stretch.entry].length {
                whole.append(stretch.entry)
            } else {
                shared.append(stretch.entry)
            }
        }
    }

    func stamp(in table: StampTable) -> FileStamp? {
        FileStamp(of: whole.lazy.map { table.stamp(of: $0) })
    }
}
