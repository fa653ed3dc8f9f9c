package import Vocabulary

extension Manifest {
    package static func plan(length: Int64, pieceLength: Int64) -> HashPlan {
        HashPlan(
            stretches: [HashPlan.Stretch(length: length, isPad: false)], pieceLength: pieceLength,
            pieces: .xxh3)
    }

    /// Describes a content that was digested by such a plan. Nil if no reader would accept such
    /// pieces.
    package init?(
        name: RelativePath, length: Int64, pieceLength: Int64, _ digests: ContentDigests
    ) {
        guard pieceLength <= Self.pieceLengthMax.raw, let pieces = digests.pieces?.table,
            let geometry = Geometry(
                total: ByteCount(length), pieceLength: ByteCount(pieceLength)),
            geometry.pieceCount == pieces.count
        else { return nil }
        let digests = (0..<pieces.count).map { Digest128(bytes: pieces[$0]) }
        self.init(name: name, geometry: geometry, body: .xxh3(digests))
    }

    /// Nil for one whose pieces are labels: there are no bytes to be verified.
    package var plan: HashPlan? {
        guard geometry.carriesBytes else { return nil }
        return Self.plan(length: geometry.total.raw, pieceLength: geometry.pieceLength.raw)
    }

    package func findings(in digests: ContentDigests) -> Findings {
        var findings = Findings(pieceCount: geometry.pieceCount)
        guard case .xxh3(let expected) = body, let found = digests.pieces else { return findings }
        for (piece, digest) in expected.enumerated()
        where !found.matches(digest.bytes[...], at: piece) {
            findings.markBad(piece)
        }
        return findings
    }
}
