import Vocabulary

extension SeedFile {
    /// Without a piece length it is 512 bytes, or else the power of two that makes as many pieces
    /// as there are: at most one does, unless there is only one piece.
    package init(parsing bytes: [UInt8], pieceLength: Int64? = nil) throws(SeedFileError) {
        var scanner = LineScanner(bytes)
        let name = try Self.name(scanner.required())
        let length = try Self.length(scanner.required())
        let first = try scanner.required()
        guard let algorithm = Self.algorithms.first(where: { $0.byteCount * 2 == first.count })
        else { throw SeedFileError(line: 3, flaw: .badDigest) }
        let whole = try Self.digest(first, algorithm, line: 3)
        var pieces = DigestTable(of: algorithm)
        while let line = scanner.next() {
            pieces.append(try Self.digest(line, algorithm, line: scanner.line))
        }
        guard
            let pieceLength = Self.pieceLength(pieceLength, cutting: length, into: pieces.count)
        else {
            throw SeedFileError(line: scanner.line, flaw: .wrongPieceCount(pieces.count))
        }
        self.init(
            name: name, length: length, pieceLength: pieceLength, algorithm: algorithm,
            whole: whole, pieces: pieces)
    }

    private static func name(_ line: ArraySlice<UInt8>) throws(SeedFileError) -> RelativePath {
        let name: RelativePath
        do throws(PathError) { name = try RelativePath(utf8: Array(line)) } catch {
            throw SeedFileError(line: 1, flaw: .badName(error))
        }
        guard name.isSingleName else {
            throw SeedFileError(line: 1, flaw: .nameOfSeveralComponents)
        }
        return name
    }

    /// Written as this program would: no sign, no leading zero.
    private static func length(_ line: ArraySlice<UInt8>) throws(SeedFileError) -> Int64 {
        let text = String(decoding: line, as: UTF8.self)
        guard let length = Int64(text), length >= 0, "\(length)" == text else {
            throw SeedFileError(line: 2, flaw: .badLength)
        }
        return length
    }

    private static func digest(
        _ line: ArraySlice<UInt8>, _ algorithm: DigestAlgorithm, line number: Int
    ) throws(SeedFileError) -> [UInt8] {
        let digits = line.compactMap(Self.digit)
        guard line.count == 2 * algorithm.byteCount, digits.count == line.count else {
            throw SeedFileError(line: number, flaw: .badDigest)
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func pieceLength(
        _ wanted: Int64?, cutting length: Int64, into count: Int
    ) -> Int64? {
        let candidates = wanted.map { [$0] } ?? [pieceLengthUsual] + (0..<62).map { 1 << $0 }
        return candidates.first { candidate in
            let geometry = Geometry(
                total: ByteCount(length), pieceLength: ByteCount(candidate))
            return geometry?.pieceCount == count
        }
    }
}

/// One line at a time, so that a file of nothing but line feeds makes no table of them.
private struct LineScanner {
    private let bytes: [UInt8]
    private var position = 0
    /// Of what was read last; they count from 1.
    private(set) var line = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Without its line feed, which the last one may lack.
    mutating func next() -> ArraySlice<UInt8>? {
        guard position < bytes.count else { return nil }
        let rest = bytes[position...]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        position = end + 1
        line += 1
        return rest[..<end]
    }

    mutating func required() throws(SeedFileError) -> ArraySlice<UInt8> {
        if let line = next() { return line }
        throw SeedFileError(line: line + 1, flaw: .ended)
    }
}
