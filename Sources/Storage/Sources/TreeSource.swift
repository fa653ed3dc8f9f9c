import CLinux
package import Content
import Glibc
import Synchronization
package import Vocabulary

/// Reads the pieces of a tree from the sources that it was listed from, for several threads at a
/// time. Holes are not read. A read gives the listed bytes, or an error: each file is checked after
/// its bytes were read, so that an earlier or simultaneous change is seen, as far as size and date
/// show it.
package final class TreeSource: Sendable {
    package let manifest: TreeManifest
    /// In tree order.
    private let roots: [SourceRoot]
    let follows: Bool
    private let files = OpenSources()
    private let byteCount = Atomic<Int>(0)
    /// The states of the files and links by entry; empty if they are not noted.
    let marks = Mutex<[EntryMark?]>([])

    /// As many folders are kept open; a command line may name thousands.
    static let rootsOpenMax = 64

    /// `sites` are those of the top names that this rank has; `follows` is as they were listed.
    package init(
        _ manifest: TreeManifest, at sites: [SourceSite], follows: Bool = false
    ) throws(StorageError) {
        var roots: [SourceRoot] = []
        for site in sites.sorted(by: { RelativePath.inTreeOrder($0.name, $1.name) }) {
            let root = try SourceRoot(site, keepsOpen: roots.count < Self.rootsOpenMax)
            if let last = roots.last?.site, last.name == site.name {
                throw .sameName(path: site.path, otherPath: last.path)
            }
            roots.append(root)
        }
        self.manifest = manifest
        self.roots = roots
        self.follows = follows
    }

    /// The bytes that all calls together read from files.
    package var bytesRead: Int { byteCount.load(ordering: .relaxed) }

    /// Fills the beginning of `memory` with a piece.
    package func read(
        _ piece: PieceIndex, into memory: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        precondition(memory.count >= manifest.geometry.size(of: piece), "too little room")
        for stretch in manifest.stretches(of: piece) {
            let end = stretch.start + stretch.count
            try unsafe fill(
                UnsafeMutableRawBufferPointer(rebasing: memory[stretch.start..<end]), stretch)
        }
    }

    private func fill(
        _ memory: UnsafeMutableRawBufferPointer, _ stretch: TreeManifest.Stretch
    ) throws(StorageError) {
        let entry = manifest.entries[stretch.entry]
        guard case .file(_, let extents) = entry.body else {
            preconditionFailure("only files have stretches")
        }
        let parts = extents[Extent.indices(of: extents, in: stretch.offset, memory.count)]
        var filled = 0
        if !parts.isEmpty {
            let root = try root(of: entry.path)
            let path = root.fullPath(of: entry.path)
            let file = try file(stretch.entry, beneath: root)
            let first = try root.start(of: entry.path) + stretch.offset
            for part in parts {
                let start = Int(max(part.start - stretch.offset, 0))
                let end = Int(min(part.end - stretch.offset, Int64(memory.count)))
                unsafe Self.clear(memory, filled..<start)
                let count = try unsafe file.file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: memory[start..<end]),
                    at: first + Int64(start), path: path)
                byteCount.add(count, ordering: .relaxed)
                guard count == end - start else { throw .changed(path: path) }
                filled = end
            }
            try check(file, is: try root.state(of: entry), path: path)
        }
        unsafe Self.clear(memory, filled..<memory.count)
    }

    private static func clear(_ memory: UnsafeMutableRawBufferPointer, _ range: Range<Int>) {
        guard let start = memory.baseAddress, !range.isEmpty else { return }
        unsafe memset(start + range.lowerBound, 0, range.count)
    }

    /// Files that lie in a single piece are not kept: they would only drive out the others.
    private func file(
        _ index: Int, beneath root: SourceRoot
    ) throws(StorageError) -> SharedFile {
        if let known = files.file(of: index) { return known }
        let file = try root.open(manifest.entries[index].path, follows: follows)
        if manifest.pieces(of: index).count > 1 { files.keep(file, of: index) }
        return file
    }

    private func check(
        _ file: SharedFile, is expected: FileState?, path: String
    ) throws(StorageError) {
        guard let expected else { return }
        let status = try file.file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG, try FileState(status, path: path) == expected
        else { throw .changed(path: path) }
    }

    /// The last whose name does not come after the path.
    func root(of path: RelativePath) throws(StorageError) -> SourceRoot {
        var low = 0
        var high = roots.count
        while low < high {
            let middle = (low + high) / 2
            if RelativePath.inTreeOrder(path, roots[middle].site.name) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        guard low > 0,
            path.utf8.prefix(while: { $0 != UInt8(ascii: "/") }).elementsEqual(
                roots[low - 1].site.name.utf8)
        else { throw .system(call: "open", path: path.description, errno: ENOENT) }
        return roots[low - 1]
    }
}
