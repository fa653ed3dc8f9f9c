import CLinux
import Content
import Glibc
import Vocabulary

/// The folder of a source in which the last entry lies. It is opened beneath the source, through no
/// link, and entries are looked at by their names in it. The folder above a source that is a single
/// file is the one that its path names.
struct EntryFolder {
    private var path: RelativePath?
    private var kept: SharedFile?

    /// The name of an entry in its folder.
    static func name(of entry: RelativePath, in source: TreeSource) throws(StorageError) -> [UInt8]
    {
        guard entry.isSingleName else {
            return Array(entry.utf8[((entry.utf8.lastIndex(of: slash) ?? -1) + 1)...])
        }
        let site = try source.root(of: entry).site.path.utf8
        return Array(site.split(separator: slash).last ?? [])
    }

    private static let slash = UInt8(ascii: "/")

    mutating func folder(
        of entry: RelativePath, in source: TreeSource
    ) throws(StorageError) -> SharedFile {
        let root = try source.root(of: entry)
        guard let slash = entry.utf8.lastIndex(of: Self.slash) else {
            return SharedFile(try Self.open(above: root.site.path))
        }
        let above: RelativePath
        do throws(PathError) { above = try RelativePath(bytes: Array(entry.utf8[..<slash])) } catch
        {
            preconditionFailure("a path above an entry is a path")
        }
        if let kept, path == above { return kept }
        let folder = try root.open(above, follows: false)
        path = above
        kept = folder
        return folder
    }

    private static func open(above path: String) throws(StorageError) -> OpenFile {
        var parts = path.utf8[...]
        while parts.count > 1, parts.last == slash { parts = parts.dropLast() }
        let end = parts.lastIndex(of: slash)
        let folder = end.map { parts[..<$0] }.map { $0.isEmpty ? "/" : String($0) ?? path } ?? "."
        return try OpenFile(opening: folder, flags: O_RDONLY | O_DIRECTORY)
    }

    mutating func status(
        of entry: RelativePath, in source: TreeSource
    ) throws(StorageError) -> stat {
        let folder = try folder(of: entry, in: source)
        let name = try Self.name(of: entry, in: source)
        folder.file.askServer(of: name)
        return try folder.file.status(
            of: name, follows: false,
            path: try source.root(of: entry).fullPath(of: entry))
    }

    /// Whether a file or link is what the listing describes.
    mutating func isAsListed(
        _ entry: TreeEntry, _ status: stat, in source: TreeSource
    ) throws(StorageError) -> Bool {
        let path = try source.root(of: entry.path).fullPath(of: entry.path)
        let kind = status.st_mode & S_IFMT
        switch entry.body {
        case .folder: return kind == S_IFDIR
        case .sameFile: return kind == S_IFREG
        case .file(let length, _):
            let listed = FileState(length: length, modified: entry.modified)
            guard kind == S_IFREG else { return false }
            return try FileState(status, path: path) == listed
        case .link(let target):
            guard kind == S_IFLNK else { return false }
            let name = try Self.name(of: entry.path, in: source)
            return try folder(of: entry.path, in: source).file.target(of: name, path: path)
                == target
        }
    }
}
