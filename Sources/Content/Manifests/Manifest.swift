package import Vocabulary

/// The description of a content: its name, its division into pieces, and the digest of each piece.
/// Its bytes are canonical, so that their digest can name the content.
package struct Manifest: Equatable, Sendable {
    package let name: RelativePath
    package let geometry: Geometry
    package let body: Body

    /// One entry per piece, always.
    package enum Body: Equatable, Sendable {
        case labels(LabelTable)
        case xxh3([Digest128])
    }

    /// Longer pieces are refused from outside: a downloader has a buffer of that size for each
    /// request.
    package static let pieceLengthMax = ByteCount(64 << 20)
    package static let pieceLengthOfMemory = ByteCount(64 << 10)

    package init(name: RelativePath, labels: LabelTable) {
        guard let geometry = Geometry(labels: labels.count) else {
            preconditionFailure("a table of labels holds no more than a content may")
        }
        self.init(name: name, geometry: geometry, body: .labels(labels))
    }

    /// For parts that were checked against each other.
    init(name: RelativePath, geometry: Geometry, body: Body) {
        self.name = name
        self.geometry = geometry
        self.body = body
    }

    /// Describes bytes that lie in memory.
    package static func ofBytes(
        name: RelativePath, _ bytes: [UInt8], pieceLength: ByteCount = pieceLengthOfMemory
    ) -> Manifest {
        precondition(pieceLength <= pieceLengthMax, "no rank would accept such pieces")
        let total = ByteCount(Int64(bytes.count))
        guard let geometry = Geometry(total: total, pieceLength: pieceLength) else {
            preconditionFailure("bytes in memory are cut into pieces of a sensible size")
        }
        var digests: [Digest128] = []
        digests.reserveCapacity(geometry.pieceCount)
        for position in 0..<geometry.pieceCount {
            let piece = PieceIndex(position)
            let start = Int(geometry.offset(of: piece))
            let range = start..<start + geometry.size(of: piece)
            unsafe digests.append(XXH3.digest(of: bytes.span.bytes.extracting(range)))
        }
        return Manifest(name: name, geometry: geometry, body: .xxh3(digests))
    }

    /// Stands in manifests that do not say the name: the same bytes have the same manifest then,
    /// and are one content, whatever their owners call them.
    package static let unnamed: RelativePath = {
        do throws(PathError) { return try RelativePath("unnamed") } catch {
            preconditionFailure("it is a name")
        }
    }()

    /// The same bytes, whatever their name.
    package var withoutName: Manifest {
        Manifest(name: Self.unnamed, geometry: geometry, body: body)
    }

    package var scheme: DigestScheme {
        switch body {
        case .labels: .label
        case .xxh3: .xxh3
        }
    }

    /// Encodes the manifest at each call; `Publication` stores the result.
    package var contentID: ContentID { ContentID(ofManifest: encoded()) }

    /// Whether `bytes` are that piece.
    package func verifies(_ bytes: RawSpan, as piece: PieceIndex) -> Bool {
        switch body {
        case .labels:
            precondition(piece.position < geometry.pieceCount, "no such piece")
            return bytes.byteCount == 0
        case .xxh3(let digests):
            return bytes.byteCount == geometry.size(of: piece)
                && XXH3.digest(of: bytes) == digests[piece.position]
        }
    }
}
