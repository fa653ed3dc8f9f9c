import Content
import Glibc
import Synchronization
package import Vocabulary

/// An archive as a source of a tree. It is read and decompressed once, by the first caller that
/// needs more than an earlier run has left: an index of the same archive gives the entries, and an
/// interrupted run may have left the bytes. A tar that is not compressed has the bytes itself: only
/// its headers are read, and the bytes of small files between them.
package final class UnpackedArchive: Sendable {
    private let path: String
    private let name: RelativePath
    private let place: Place?
    private let scratch: String
    private let isDry: Bool
    private let state = Mutex(State())
    /// The parts of the tree that are unpacked while the archive is still being read.
    private let unpacked = Mutex<[Bytes]>([])
    private let isStopped = Atomic<Bool>(false)

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
        /// Nil while this process still writes to the file.
        let state: FileState?
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

    /// The number of parts in which the tree can travel while the archive is being read, and its
    /// length; nil if its entries are known sooner, or it cannot be read.
    package func parts() -> (count: Int, packedByteCount: Int64)? {
        state.withLock { state in
            guard !isDry, state.listing == nil, !recall(&state) else { return nil }
            do throws(StorageError) {
                let length = Int64(try open().status(path: path).st_size)
                let count = min(length / Self.partByteCountMin, Self.partCountUsual)
                var reader = try ArchiveReader.open(try open(), path: path)
                guard count > 1, try reader.next() != nil, !reader.isPlain else { return nil }
                return (Int(count), length)
            } catch { return nil }
        }
    }

    private static let partByteCountMin: Int64 = 1 << 20
    private static let partCountUsual: Int64 = 16

    /// Ends the reading of the archive before its next block.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Reads the archive, and calls `take` with each part of the tree as soon as its bytes are
    /// there.
    package func unpack(
        inParts count: Int, take: @escaping (Int, ArchiveListing) -> Void
    ) throws(StorageError) -> ArchiveListing {
        try state.withLock { state throws(StorageError) in
            try unpack(&state, isWritten: true, Cutting(count: count, take: take))
            return state.listing ?? ArchiveListing()
        }
    }

    private struct Cutting {
        let count: Int
        let take: (Int, ArchiveListing) -> Void
    }

    /// The bytes of a part, which `take` was called with.
    func bytes(ofPart number: Int) throws(StorageError) -> Bytes {
        let found = unpacked.withLock { number < $0.count ? $0[number] : nil }
        guard let found else { throw .changed(path: path) }
        return found
    }

    /// The number of times that this process has read the archive from its beginning.
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
            if index.bytes == stamp {
                state.bytes = try Self.bytes(SharedFile(file), index.listing, path: path)
            } else if let bytes = try folder.bytes(index.bytes) {
                state.bytes = try Self.bytes(bytes, index.listing, path: folder.path)
            }
            return true
        } catch { return state.listing != nil }
    }

    private func unpack(
        _ state: inout State, isWritten: Bool, _ cutting: Cutting? = nil
    ) throws(StorageError) {
        state.unpackedCount += 1
        do throws(StorageError) { try read(&state, isWritten: isWritten, cutting) } catch {
            do throws(StorageError) { try state.folder?.giveUp() } catch {
                // The error that is thrown below explains more than this one.
            }
            state.folder = nil
            throw error
        }
    }

    /// Reads the archive, and notes its entries and bytes. With `isInPlace` the bytes of a tar that
    /// is not compressed stay in it.
    private func read(
        _ state: inout State, isWritten: Bool, _ cutting: Cutting? = nil, isInPlace: Bool = true
    ) throws(StorageError) {
        let file = try open()
        let found = try file.status(path: path)
        var tree = ArchiveTree(of: path, as: name, modified: try FileTime(found, path: path))
        var reader = try ArchiveReader.open(try open(), path: path)
        var taken: ArchiveBytes?
        var parts = cutting.map { ArchiveParts(count: $0.count, of: Int64(found.st_size)) }
        while let header = try reader.next() {
            try demandNotStopped()
            // The folder is created only after the file has proved to be an archive.
            var bytes =
                if let taken { taken } else if isInPlace, reader.isPlain {
                    ArchiveBytes(at: ArchivePlaces(SharedFile(try open()), path: path), path: path)
                } else { try newSpool(&state, isWritten) }
            if let node = try tree.add(header) {
                let found = try bytes.take(&reader, of: path) { () throws(StorageError) in
                    try demandNotStopped()
                }
                guard let part = found else {
                    // Only plain archives are read in place, and these are never cut.
                    return try read(&state, isWritten: isWritten, isInPlace: false)
                }
                if header.kind == .file || !part.extents.isEmpty {
                    try tree.fill(
                        node, start: part.start, length: part.length, extents: part.extents)
                }
            }
            taken = bytes
            while let number = parts?.take(at: reader.place) {
                try put(number, &tree, bytes, cutting)
            }
        }
        guard FileStamp(try file.status(path: path)) == FileStamp(found),
            state.stamp.map({ $0 == FileStamp(found) }) ?? true
        else { throw .changed(path: path) }
        let listing = try tree.listing()
        if let known = state.listing, !known.hasSameEntries(as: listing) {
            throw .changed(path: path)
        }
        state.listing = listing
        state.stamp = FileStamp(found)
        let bytes = if let taken { taken } else { try newSpool(&state, isWritten) }
        while let number = parts?.takeAtEnd() { try put(number, &tree, bytes, cutting) }
        try keep(bytes, of: listing, FileStamp(found), &state)
    }

    /// Passes on a part of the tree.
    private func put(
        _ number: Int, _ tree: inout ArchiveTree, _ bytes: ArchiveBytes, _ cutting: Cutting?
    ) throws(StorageError) {
        let part = tree.takePart()
        guard let file = bytes.file, let cutting else { throw .changed(path: path) }
        unpacked.withLock { $0.append(Bytes(file: file, state: nil, starts: part.fileStarts)) }
        cutting.take(number, part)
        try demandNotStopped()
    }

    private func demandNotStopped() throws(StorageError) {
        guard !isStopped.load(ordering: .relaxed) else {
            throw .system(call: "read", path: path, errno: ECANCELED)
        }
    }

    /// Notes where the bytes are, also for the next run.
    private func keep(
        _ taken: ArchiveBytes, of listing: ArchiveListing, _ archive: FileStamp,
        _ state: inout State
    ) throws(StorageError) {
        guard let bytes = taken.places?.file ?? taken.file else { return }
        let stamp = FileStamp(try bytes.file.status(path: taken.path))
        guard taken.places == nil || stamp == archive else { throw .changed(path: path) }
        state.bytes = try Self.bytes(bytes, listing, path: taken.path)
        guard !isDry else { return }
        if taken.places != nil {
            enterFolder(&state)
            try state.folder?.removeBytes()
        }
        try state.folder?.put(ArchiveIndex(archive: archive, bytes: stamp, listing: listing))
    }

    private func enterFolder(_ state: inout State) {
        guard state.folder == nil, let place else { return }
        do throws(StorageError) {
            state.folder = try ArchiveFolder.enter(
                in: place.folder, name: place.name, creating: true)
        } catch {
            // The copy at this place fails as well and is reported; other ranks still need the
            // bytes.
        }
    }

    private func newSpool(
        _ state: inout State, _ isWritten: Bool
    ) throws(StorageError) -> ArchiveBytes {
        guard isWritten else { return ArchiveBytes(nil, path: path) }
        if !isDry { enterFolder(&state) }
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
        Bytes(
            file: file, state: try FileState(file.file.status(path: path), path: path),
            starts: listing.fileStarts)
    }
}
