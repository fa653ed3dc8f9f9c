package import Vocabulary

/// A seed file: lines of text that describe one file.
///
///     <name>
///     <length>
///     <digest of all bytes>
///     <digest of each piece>, one line each
///
/// Digests are hexadecimal, MD5 or SHA-256, as their length shows. The file does not have the
/// piece length, which is 512 bytes unless the user gives another one.
package struct SeedFile: Equatable, Sendable {
    package let name: RelativePath
    package let length: Int64
    package let pieceLength: Int64
    package let algorithm: DigestAlgorithm
    package let whole: [UInt8]
    package let pieces: DigestTable

    package static let pieceLengthUsual: Int64 = 512
    package static let algorithms: [DigestAlgorithm] = [.md5, .sha256]

    package static func plan(
        length: Int64, pieceLength: Int64, algorithm: DigestAlgorithm
    ) -> HashPlan {
        HashPlan(
            stretches: [HashPlan.Stretch(length: length, isPad: false)], pieceLength: pieceLength,
            pieces: algorithm, whole: algorithm)
    }

    /// Describes what was digested by such a plan. Nil where not all of it was read.
    package init?(
        name: RelativePath, length: Int64, pieceLength: Int64, algorithm: DigestAlgorithm,
        _ digests: ContentDigests
    ) {
        guard let whole = digests.whole, let pieces = digests.pieces else { return nil }
        self.init(
            name: name, length: length, pieceLength: pieceLength, algorithm: algorithm,
            whole: whole, pieces: pieces.table)
    }

    init(
        name: RelativePath, length: Int64, pieceLength: Int64, algorithm: DigestAlgorithm,
        whole: [UInt8], pieces: DigestTable
    ) {
        self.name = name
        self.length = length
        self.pieceLength = pieceLength
        self.algorithm = algorithm
        self.whole = whole
        self.pieces = pieces
    }

    package var plan: HashPlan {
        Self.plan(length: length, pieceLength: pieceLength, algorithm: algorithm)
    }

    package func findings(in digests: ContentDigests) -> Findings {
        var findings = Findings(pieceCount: pieces.count)
        if let found = digests.pieces { findings.compare(found, with: pieces) }
        findings.wholeIsGood = digests.whole == whole
        return findings
    }

    package func encoded() -> [UInt8] {
        var bytes = name.utf8
        bytes += "\n\(length)\n\(hexText(whole))\n".utf8
        for piece in 0..<pieces.count { bytes += "\(hexText(pieces[piece]))\n".utf8 }
        return bytes
    }
}
