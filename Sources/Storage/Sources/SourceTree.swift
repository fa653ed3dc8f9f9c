import CLinux
import Glibc
package import Vocabulary

/// A file, or a folder with all its entries, open for reading. Entries are read beneath the folder
/// that was opened, even if its path leads to another folder by then; links in it are not followed.
package struct SourceTree: ~Copyable {
    private let root: OpenFile
    package let path: String
    package let isFolder: Bool

    /// A link at `path` itself is followed, because the user chose it.
    package init(path: String) throws(StorageError) {
        let root = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let kind = try root.status(path: path).st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR else { throw .notAFile(path: path) }
        isFolder = kind == S_IFDIR
        self.root = root
        self.path = path
    }

    /// Nil opens the file that the whole tree is.
    package borrowing func open(_ name: RelativePath?) throws(StorageError) -> SourceFile {
        guard let name else {
            precondition(!isFolder, "a folder is read file by file")
            return try SourceFile(
                OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY), path: path)
        }
        let full = "\(path)/\(name)"
        return try SourceFile(OpenFile(beneath: root, name, path: full), path: full)
    }

    /// All files, in an order that depends on names alone. `excluded` is left out without a word:
    /// it is what this very listing will be written to.
    package borrowing func list(without excluded: FileIdentity?) throws(StorageError) -> Listing {
        precondition(isFolder, "a file is no list")
        var listing = Listing()
        var folders: [RelativePath?] = [nil]
        while let folder = folders.popLast() {
            for name in try names(in: folder) {
                try sort(name, in: folder, without: excluded, into: &listing, &folders)
            }
        }
        listing.files.sort { $0.path < $1.path }
        listing.leftOut.sort()
        return listing
    }

    /// The accessible files: entries that cannot be examined, or have an unusable name, are
    /// skipped.
    package borrowing func search() -> [(path: RelativePath, length: Int64)] {
        guard isFolder else { return [] }
        var listing = Listing()
        var folders: [RelativePath?] = [nil]
        while let folder = folders.popLast() {
            do throws(StorageError) {
                for name in try names(in: folder) {
                    do throws(StorageError) {
                        try sort(name, in: folder, without: nil, into: &listing, &folders)
                    } catch { continue }
                }
            } catch { continue }
        }
        return listing.files.sorted { $0.path < $1.path }
    }

    private borrowing func names(in folder: RelativePath?) throws(StorageError) -> [[UInt8]] {
        let full = folder.map { "\(path)/\($0)" } ?? path
        let open = try Self.folder(folder, beneath: root, path: full)
        return try open.names(path: full)
    }

    private static func folder(
        _ name: RelativePath?, beneath root: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        if let name {
            return try OpenFile(beneath: root, name, path: path, flags: O_DIRECTORY)
        }
        let below = root.raw
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        return OpenFile(raw: try posix("openat", path) { unsafe openat(below, ".", flags) })
    }

    private borrowing func sort(
        _ name: [UInt8], in folder: RelativePath?, without excluded: FileIdentity?,
        into listing: inout Listing, _ folders: inout [RelativePath?]
    ) throws(StorageError) {
        let entry = try Self.path(name, in: folder, of: path)
        let below = root.raw
        var status = stat()
        try posix("fstatat", "\(path)/\(entry)") {
            unsafe fstatat(below, entry.description, &status, AT_SYMLINK_NOFOLLOW)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: folders.append(entry)
        case S_IFREG:
            guard FileIdentity(status) != excluded else { return }
            listing.files.append((entry, Int64(status.st_size)))
        default: listing.leftOut.append(entry)
        }
    }

    private static func path(
        _ name: [UInt8], in folder: RelativePath?, of root: String
    ) throws(StorageError) -> RelativePath {
        do throws(PathError) {
            return try RelativePath(
                utf8: (folder.map { $0.utf8 + [UInt8(ascii: "/")] } ?? []) + name)
        } catch {
            let inside = folder.map { "\(root)/\($0)" } ?? root
            throw .badName(String(decoding: name, as: UTF8.self), in: inside, error)
        }
    }
}

extension SourceTree {
    package struct Listing {
        package fileprivate(set) var files: [(path: RelativePath, length: Int64)] = []
        /// Links, pipes and the like.
        package fileprivate(set) var leftOut: [RelativePath] = []
    }
}
