import CLinux
package import Content
import Glibc
package import Vocabulary

/// A file of bytes that a peer owns, in the state in which it was digested. It is opened for each
/// piece, so that a peer can own any number of files. A read returns the bytes of that very file,
/// or an error: the file is checked after its bytes were read, so that an earlier or simultaneous
/// change is noticed, as far as size and date show it. A piece of a changed file is still right if
/// its digest confirms it.
package struct ByteSource: Sendable {
    package let publication: Publication
    private let folder: InputFolder
    private let place: RelativePath
    private let identity: SourceIdentity

    /// Reads the whole file. Other ranks will know it as `name`, which the manifest contains unless
    /// equal bytes under all names are to be one content. If a geometry is given, the file must
    /// have its size. Returns nil when `isWanted` turns false.
    package init(
        _ name: RelativePath, at place: RelativePath, in folder: InputFolder,
        isNamed: Bool = true,
        cutAs geometry: Geometry? = nil, whileWanted isWanted: () -> Bool = { true }
    ) throws(StorageError) {
        let path = folder.path(of: place)
        let file = try folder.open(place)
        let status = try file.status(path: path)
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        let identity = try SourceIdentity(of: file, path: path)
        self.identity = identity
        if let geometry, geometry.total.raw != identity.length {
            throw .otherLength(
                path: path, byteCount: identity.length, expected: geometry.total.raw)
        }
        let manifest = try Self.manifest(
            isNamed ? name : Manifest.unnamed, file, length: identity.length,
            pieceLength: geometry?.pieceLength.raw, path: path
        ) { () throws(StorageError) in
            guard isWanted() else {
                throw .system(call: "read", path: path, errno: ECANCELED)
            }
            guard try file.status(path: path).st_nlink > 0 else {
                throw .system(call: "read", path: path, errno: ENOENT)
            }
            guard try SourceIdentity(of: file, path: path) == identity else {
                throw .changed(path: path)
            }
        }
        publication = Publication(manifest, named: name)
        self.folder = folder
        self.place = place
    }

    private static let partByteCount = 1 << 20

    /// `check` is called after each part, and can end the reading of a file that is no longer
    /// needed.
    private static func manifest(
        _ name: RelativePath, _ file: borrowing OpenFile, length: Int64, pieceLength: Int64?,
        path: String, _ check: () throws(StorageError) -> Void
    ) throws(StorageError) -> Manifest {
        let pieceLength = pieceLength ?? PieceLength.automatic(total: length)
        let longest = Int64(Geometry.pieceCountMax) * pieceLength
        guard length <= longest else { throw .tooLong(path: path, byteCountMax: Int(longest)) }
        var hasher = ContentHasher(Manifest.plan(length: length, pieceLength: pieceLength))
        var buffer = [UInt8](repeating: 0, count: partByteCount)
        var left = length
        hasher.begin()
        while left > 0 {
            let read = try file.read(into: &buffer, from: 0, path: path)
            guard read > 0, Int64(read) <= left else { throw .changed(path: path) }
            unsafe hasher.add(buffer.span.bytes.extracting(0..<read))
            left -= Int64(read)
            try check()
        }
        hasher.end()
        try check()
        let manifest = Manifest(
            name: name, length: length, pieceLength: pieceLength, hasher.finish())
        guard let manifest else { preconditionFailure("automatic pieces are ones to accept") }
        return manifest
    }

    package var path: String { folder.path(of: place) }

    func read(_ piece: PieceIndex) throws(StorageError) -> PieceBuffer {
        let geometry = publication.geometry
        let path = folder.path(of: place)
        let file = try folder.open(place)
        let buffer = PieceBuffer(byteCount: geometry.size(of: piece))
        let memory = unsafe UnsafeMutableRawBufferPointer(
            rebasing: buffer.memory[..<buffer.byteCount])
        let count = try unsafe file.read(
            into: memory, at: geometry.offset(of: piece), path: path)
        guard count == buffer.byteCount else { throw .changed(path: path) }
        guard try SourceIdentity(of: file, path: path) != identity else { return buffer }
        let manifest = publication.manifest
        guard buffer.withBytes({ manifest.verifies($0, as: piece) }) else {
            throw .changed(path: path)
        }
        return buffer
    }
}
