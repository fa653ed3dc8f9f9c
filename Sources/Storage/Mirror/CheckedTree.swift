import Content
import Synchronization
import Vocabulary

/// A staged content whose copy is only compared with its source. Digests of stretches are compared,
/// so that each file is judged by itself. To the machines, a stretch is a piece without bytes.
final class CheckedTree: Sendable {
    let manifest: TreeManifest
    let rows: StretchRows
    /// Nil on a rank that does not publish, and so does not read the source.
    let source: TreeSource?
    /// Nil where this rank keeps no copy, or its copy could not be read.
    private let copy: Mutex<CopySurvey?>
    /// The digests of the source.
    private let book: Mutex<DigestBook>

    init(_ manifest: TreeManifest, _ rows: StretchRows, source: TreeSource?, _ copy: CopySurvey?) {
        self.manifest = manifest
        self.rows = rows
        self.source = source
        self.copy = Mutex(copy)
        book = Mutex(DigestBook(pieceCount: rows.count))
    }

    var byteCountToCopy: Int64 { copy.withLock { $0?.byteCountToCopy ?? 0 } }

    /// Digests the stretches of a piece of the source.
    func readSource(_ piece: PieceIndex) throws(StorageError) {
        guard let source else { return }
        let buffer = PieceBuffer(byteCount: manifest.geometry.size(of: piece))
        try unsafe source.read(piece, into: buffer.memory)
        for stretch in manifest.stretches(of: piece) {
            let end = stretch.start + stretch.count
            let bytes = buffer.withBytes {
                Digester.digest(of: $0.extracting(stretch.start..<end), manifest.digest)
            }
            guard let digest = PieceDigest(bytes) else {
                preconditionFailure("a digest has as many bytes as its algorithm gives")
            }
            let row = rows.row(of: stretch, in: piece)
            book.withLock { $0.note(digest, of: PieceIndex(row)) }
            copy.withLock { $0?.compare(row, with: digest) }
        }
    }

    /// Returns the digest of the source's table once, as soon as the table is complete.
    func takeTable() -> PieceDigest? {
        book.withLock { book in
            guard !book.isTold, let digest = book.tableDigest(manifest.digest) else { return nil }
            book.isTold = true
            return digest
        }
    }

    /// A part of the source's table; nil while some of its stretches are not digested.
    func table(_ range: Range<Int>) -> [UInt8]? { book.withLock { $0.table(range) } }

    /// Whether every stretch of the copy equals that of the source, whose table has this digest.
    func isProven(by table: PieceDigest) -> Bool {
        copy.withLock { $0?.book.tableDigest(manifest.digest) } == table
            && copy.withLock { $0?.others.isEmpty ?? false }
    }

    /// Compares a part of the publisher's table with the copy.
    func compare(from first: Int, digests: [UInt8]) {
        let size = manifest.digest.byteCount
        copy.withLock { copy in
            for (number, start) in stride(from: 0, to: digests.count, by: size).enumerated() {
                guard first + number < rows.count,
                    let digest = PieceDigest(digests[start..<min(start + size, digests.count)])
                else { break }
                copy?.compare(first + number, with: digest)
            }
        }
    }

    func differences() throws(StorageError) -> DifferenceList {
        try copy.withLock { copy throws(StorageError) in
            try copy?.differences() ?? DifferenceList()
        }
    }
}
