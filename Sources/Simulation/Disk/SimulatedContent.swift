package import Vocabulary

/// A content of a simulation. In a batch job its manifest is three numbers, 24 bytes: total, piece
/// length, piece count. In a staged job only its ranks know the manifest.
package struct SimulatedContent: Sendable {
    package static let manifestByteCount = 24

    package let content: ContentID
    package let geometry: Geometry

    package init(_ number: UInt64, _ geometry: Geometry) {
        content = ContentID(high: 2, low: number)
        self.geometry = geometry
    }

    /// The content of a staged job.
    init(_ content: ContentID, _ geometry: Geometry) {
        self.content = content
        self.geometry = geometry
    }

    package var manifest: [UInt8] {
        [geometry.total.raw, geometry.pieceLength.raw, Int64(geometry.pieceCount)].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
    }

    package static func geometry(of manifest: RawSpan) -> Geometry? {
        guard manifest.byteCount == manifestByteCount else { return nil }
        let total = word(manifest, 0)
        let pieceLength = word(manifest, 8)
        guard total >= 0, pieceLength >= 0 else { return nil }
        let geometry =
            pieceLength == 0
            ? Geometry(labels: Int(word(manifest, 16)))
            : Geometry(total: ByteCount(total), pieceLength: ByteCount(pieceLength))
        guard let geometry, Int64(geometry.pieceCount) == word(manifest, 16) else { return nil }
        return geometry
    }

    private static func word(_ bytes: RawSpan, _ offset: Int) -> Int64 {
        Int64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: Int64.self))
    }
}
