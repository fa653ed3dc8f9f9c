import Content
import Glibc
import Synchronization
package import Vocabulary

/// An archive as a source of a tree. It is read and decompressed once, by the first caller that
/// needs more than an earlier run has left: an index of the same archive gives the entries, and an
/// interrupted run may have left the bytes.
package final class UnpackedArchive: Sendable {
    private let path: String
    private let name: RelativePath
    private let place: Place?
    private let scratch: String
    private let isDry: Bool
    private let state = Mutex(State())

    /// The destination beside which the archive is unpacked.
    package struct Place: Sendable {
        let folder: String
        let name: String

        package init(folder: String, name: String) {
            self.folder = folder
            self.name = ".\(name).mpiswarm-archive"
        }
    }

    private struct State {
        var folder: ArchiveFolder?
        var listing: ArchiveListing?
        /// The stamp of the archive that `listing` describes.
        var stamp: FileStamp?
        var bytes: Bytes?
        var unpackedCount = 0
    }

    /// The unpacked bytes, and the offset of those of each file.
    struct Bytes: Sendable {
        let file: SharedFile
        let state: FileState
        let starts: [RelativePath: Int64]
    }

    /// `name` is the top of the tree. If there is no place, or the place cannot be created or is
    /// held by another job, the bytes go to a file without a name in the folder `scratch`. With
    /// `isDry` nothing is written unless a caller needs bytes.
    package init(
        of path: String, as name: RelativePath, beside place: Place?, scratch: String,
        isDry: Bool = false
    ) {
        self.path = path
        self.name = name
        self.place = place
        self.scratch = scratch
        self.isDry = isDry
    }

    /// All entries, including those that the filter excludes.
    package func listing() throws(StorageError) -> ArchiveListing {
        try state.withLock { state throws(StorageError) in
            if let listing = state.listing { return listing }
            if !recall(&state) { try unpack(&state, isWritten: !isDry) }
            return state.listing ?? ArchiveListing()
        }
    }

    /// The number of times that this process has decompressed the archive.
    package var unpackedCount: Int { state.withLock { $0.unpackedCount } }

    func bytes() throws(StorageError) -> Bytes {
        try state.withLock { state throws(StorageError) in
            if let bytes = state.bytes { return bytes }
            if state.listing != nil || !recall(&state) || state.bytes == nil {
                try unpack(&state, isWritten: true)
            }
            guard let bytes = state.bytes else { throw .changed(path: path) }
            return bytes
        }
    }

    /// Removes the bytes when the job has ended. The index stays for the next run.
    package func discard() {
        state.withLock { state in
            state.bytes = nil
            do throws(StorageError) { try state.folder?.removeBytes() } catch {
                // Bytes that could not be removed are replaced by the next run.
            }
        }
    }

    /// Takes the index and the bytes of an earlier run. Returns false if there are none of this
    /// archive.
    private func recall(_ state: inout State) -> Bool {
        guard let place else { return false }
        do throws(StorageError) {
            let file = try open()
            let stamp = FileStamp(try file.status(path: path))
            state.folder = try ArchiveFolder.enter(
                in: place.folder, name: place.name, creating: false)
            guard let folder = state.folder, let index = folder.index(), index.archive == stamp,
                index.listing.entries.first?.path == name
            else { return false }
            state.listing = index.listing
            state.stamp = stamp
            if let bytes = try folder.bytes(index.bytes) {
                state.bytes = try Self.bytes(bytes, index.listing, path: folder.path)
            }
            return true
        } catch { return state.listing != nil }
    }

    private func unpack(_ state: inout State, isWritten: Bool) throws(StorageError) {
        do throws(StorageError) { try read(&state, isWritten: isWritten) } catch {
            do throws(StorageError) { try state.folder?.giveUp() } catch {
                // The error that is thrown below explains more than this one.
            }
            state.folder = nil
            throw error
        }
    }

    private func read(_ state: inout State, isWritten: Bool) throws(StorageError) {
        state.unpackedCount += 1
        let file = try open()
        let found = try file.status(path: path)
        var tree = ArchiveTree(of: path, as: name, modified: try FileTime(found, path: path))
        var reader = try ArchiveReader.open(try open(), path: path)
        var spool: ArchiveBytes?
        while let header = try reader.next() {
            // The folder is created only after the file has proved to be an archive.
            var bytes = if let spool { spool } else { try newSpool(&state, isWritten) }
            if let node = try tree.add(header) {
                let part = try bytes.take(&reader, of: path)
                if header.kind == .file || !part.extents.isEmpty {
                    try tree.fill(
                        node, start: part.start, length: part.length, extents: part.extents)
                }
            }
            spool = bytes
        }
        guard FileStamp(try file.status(path: path)) == FileStamp(found),
            state.stamp.map({ $0 == FileStamp(found) }) ?? true
        else { throw .changed(path: path) }
        let listing = try tree.listing()
        if let known = state.listing, known != listing { throw .changed(path: path) }
        state.listing = listing
        state.stamp = FileStamp(found)
        guard isWritten else { return }
        let written = if let spool { spool } else { try newSpool(&state, isWritten) }
        guard let bytes = written.file else { return }
        state.bytes = try Self.bytes(bytes, listing, path: written.path)
        let stamp = FileStamp(try bytes.file.status(path: written.path))
        try state.folder?.put(
            ArchiveIndex(archive: FileStamp(found), bytes: stamp, listing: listing))
    }

    private func newSpool(
        _ state: inout State, _ isWritten: Bool
    ) throws(StorageError) -> ArchiveBytes {
        guard isWritten else { return ArchiveBytes(nil, path: path) }
        if state.folder == nil, !isDry, let place {
            do throws(StorageError) {
                state.folder = try ArchiveFolder.enter(
                    in: place.folder, name: place.name, creating: true)
            } catch {
                // The copy at this place fails as well and is reported; other ranks still need the
                // bytes.
            }
        }
        if !isDry, let folder = state.folder {
            return ArchiveBytes(try folder.newBytes(), path: folder.path)
        }
        return ArchiveBytes(try ArchiveFolder.unnamedBytes(in: scratch), path: scratch)
    }

    private func open() throws(StorageError) -> OpenFile {
        let file = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard try file.status(path: path).st_mode & S_IFMT == S_IFREG else {
            throw .notAFile(path: path)
        }
        return file
    }

    private static func bytes(
        _ file: SharedFile, _ listing: ArchiveListing, path: String
    ) throws(StorageError) -> Bytes {
        var starts: [RelativePath: Int64] = [:]
        for (entry, start) in zip(listing.entries, listing.starts) {
            switch entry.body {
            case .file, .sameFile: starts[entry.path] = start
            case .folder, .link: break
            }
        }
        return Bytes(
            file: file, state: try FileState(file.file.status(path: path), path: path),
            starts: starts)
    }
}
