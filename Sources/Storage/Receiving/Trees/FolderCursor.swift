import Glibc

/// Keeps the folder of the last entry open: the next entry usually lies there, too, and a tree of
/// any depth is walked with one descriptor.
struct FolderCursor: ~Copyable {
    private let side: TreeSide
    private var folder: Int?
    private var current: OpenFile?

    init(_ side: TreeSide) { self.side = side }

    /// The descriptor of the folder in which an entry lies, good until the next call.
    mutating func parent(
        of entry: Int, in places: TreePlaces
    ) throws(StorageError) -> Int32 {
        guard let above = places.layout.parent(of: entry) else { return places.root(of: side) }
        if above == folder, let raw = current?.raw { return raw }
        folder = nil
        let opened = try places.open(above, on: side, flags: O_DIRECTORY)
        let raw = opened.raw
        current = consume opened
        folder = above
        return raw
    }
}
