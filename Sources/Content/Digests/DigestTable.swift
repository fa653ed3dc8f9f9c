/// Digests of one algorithm, end to end.
package struct DigestTable: Equatable, Sendable {
    package let byteCountOfEach: Int
    package private(set) var bytes: [UInt8]

    package init(of algorithm: DigestAlgorithm) {
        byteCountOfEach = algorithm.byteCount
        bytes = []
    }

    /// Nil where the bytes are no whole number of digests.
    package init?(of algorithm: DigestAlgorithm, bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: algorithm.byteCount) else { return nil }
        byteCountOfEach = algorithm.byteCount
        self.bytes = bytes
    }

    package var count: Int { bytes.count / byteCountOfEach }

    package subscript(position: Int) -> ArraySlice<UInt8> {
        bytes[position * byteCountOfEach..<(position + 1) * byteCountOfEach]
    }

    package mutating func append(_ digest: some Collection<UInt8>) {
        precondition(digest.count == byteCountOfEach, "digests of one table are of one length")
        bytes += digest
    }

    /// Stands where there is no digest.
    mutating func appendZeros() { bytes += repeatElement(0, count: byteCountOfEach) }
}

/// Bytes as lower-case hexadecimal digits.
package func hexText(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.append(half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10)
        }
    }
    return String(decoding: text, as: UTF8.self)
}
