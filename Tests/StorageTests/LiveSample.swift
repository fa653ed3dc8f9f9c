import Content
import Vocabulary

@testable import Storage

/// A content of five pieces.
struct LiveSample {
    let bytes: [UInt8]
    let publication: Publication

    static let pieceLength = 1 << 16

    init(_ name: String = "x", seed: Int = 1) throws {
        bytes = (0..<5 * Self.pieceLength - 100).map {
            UInt8(truncatingIfNeeded: $0 / 256 &+ $0 &* seed)
        }
        let scratch = try Scratch()
        try scratch.put(bytes, name)
        let path = try RelativePath(name)
        publication = try ByteSource(
            path, at: path, in: InputFolder(path: scratch.path),
            cutAs: Geometry(
                total: ByteCount(Int64(bytes.count)),
                pieceLength: ByteCount(Int64(Self.pieceLength)))
        ).publication
    }

    var content: ContentID { publication.content }
    var total: Int64 { Int64(bytes.count) }
    var partName: String { ".\(content).3.mpiswarm-part" }
    var stateName: String { ".\(content).3.mpiswarm-state" }

    func open(in job: LiveJob) {
        let encoded = publication.encoded
        job.store.perform(.open(content), bytes: encoded)
    }

    func keep(_ positions: some Sequence<Int>, in job: LiveJob) {
        for position in positions {
            let piece = PieceIndex(position)
            let start = Int(publication.geometry.offset(of: piece))
            let end = start + publication.geometry.size(of: piece)
            let buffer = unsafe PieceBuffer(copying: bytes.span.bytes.extracting(start..<end))
            job.store.keep(buffer, as: piece, of: content, digest: nil)
        }
    }

    /// The pieces that were found when the content was opened.
    func held(in answers: [StoreEvent]) -> [Int]? {
        for case .opened(let opened, let found) in answers where opened == content {
            guard let held = found?.held else { return nil }
            return (0..<held.capacity).filter { held.contains(PieceIndex($0)) }
        }
        return nil
    }
}
