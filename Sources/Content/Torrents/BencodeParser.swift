/// Reads bencoded bytes in their one canonical form: numbers without leading zeros, dictionaries
/// with sorted and unique keys. A value that is read encodes to the same bytes, so that a digest
/// over its raw bytes is the digest of its encoding.
struct BencodeParser {
    private let bytes: [UInt8]
    private let valueCountMax: Int
    private var position = 0
    private var valueCount = 0

    /// Reading and freeing recurse, so this bounds the stack; a v2 torrent has one level for each
    /// folder.
    static let depthMax = 256
    /// A value of two bytes takes some 50 in memory. This many are a torrent of 600,000 files.
    static let valueCountMax = 1 << 22

    private init(bytes: [UInt8], valueCountMax: Int) {
        self.bytes = bytes
        self.valueCountMax = valueCountMax
    }

    static func parse(
        _ bytes: [UInt8], valueCountMax: Int = valueCountMax
    ) throws(BencodeError) -> BencodeNode {
        var parser = BencodeParser(bytes: bytes, valueCountMax: valueCountMax)
        let node = try parser.value(depth: 1)
        guard parser.position == bytes.count else { throw parser.refused(.trailing) }
        return node
    }

    private mutating func value(depth: Int) throws(BencodeError) -> BencodeNode {
        let start = position
        guard depth <= Self.depthMax else { throw refused(.tooDeep(most: Self.depthMax)) }
        valueCount += 1
        guard valueCount <= valueCountMax else {
            throw refused(.tooManyValues(most: valueCountMax))
        }
        let body: BencodeNode.Body
        switch try peek() {
        case UInt8(ascii: "i"):
            position += 1
            body = .integer(try integer(endingWith: UInt8(ascii: "e")))
        case UInt8(ascii: "l"):
            position += 1
            body = .list(try list(depth: depth))
        case UInt8(ascii: "d"):
            position += 1
            body = .dictionary(try dictionary(depth: depth))
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            body = .text(try text())
        case let byte:
            throw refused(.notAValue(byte))
        }
        return BencodeNode(range: start..<position, body: body)
    }

    private mutating func list(depth: Int) throws(BencodeError) -> [BencodeNode] {
        var nodes: [BencodeNode] = []
        while try peek() != UInt8(ascii: "e") { nodes.append(try value(depth: depth + 1)) }
        position += 1
        return nodes
    }

    private mutating func dictionary(depth: Int) throws(BencodeError) -> [BencodeNode.Entry] {
        var entries: [BencodeNode.Entry] = []
        while case let byte = try peek(), byte != UInt8(ascii: "e") {
            let start = position
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw refused(.keyNotText)
            }
            let key = try text()
            if let last = entries.last?.key {
                guard bytes[last] != bytes[key] else {
                    throw BencodeError(position: start, flaw: .keyTwice)
                }
                guard bytes[last].lexicographicallyPrecedes(bytes[key]) else {
                    throw BencodeError(position: start, flaw: .keysOutOfOrder)
                }
            }
            entries.append(BencodeNode.Entry(key: key, value: try value(depth: depth + 1)))
        }
        position += 1
        return entries
    }

    private mutating func text() throws(BencodeError) -> Range<Int> {
        let start = position
        let length = try integer(endingWith: UInt8(ascii: ":"))
        guard length <= Int64(bytes.count - position) else {
            throw BencodeError(position: start, flaw: .textTooLong)
        }
        position += Int(length)
        return position - Int(length)..<position
    }

    /// Digits, with a sign only before an `e`: a text's first byte was seen to be a digit.
    private mutating func integer(endingWith end: UInt8) throws(BencodeError) -> Int64 {
        let start = position
        let isNegative = try peek() == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let first = position
        var magnitude: Int64 = 0
        while case let byte = try peek(), byte != end {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw BencodeError(position: start, flaw: .notANumber)
            }
            // Counted downwards, because there is one negative number more.
            let (tens, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (sum, tooLargeAfterAll) = tens.subtractingReportingOverflow(digit)
            guard !tooLarge, !tooLargeAfterAll else {
                throw BencodeError(position: start, flaw: .numberTooLarge)
            }
            magnitude = sum
            position += 1
        }
        let digitCount = position - first
        guard digitCount > 0, digitCount == 1 || bytes[first] != UInt8(ascii: "0"),
            !isNegative || magnitude != 0
        else { throw BencodeError(position: start, flaw: .notANumber) }
        guard isNegative || magnitude != .min else {
            throw BencodeError(position: start, flaw: .numberTooLarge)
        }
        position += 1
        return isNegative ? magnitude : -magnitude
    }

    private func peek() throws(BencodeError) -> UInt8 {
        guard position < bytes.count else { throw refused(.ended) }
        return bytes[position]
    }

    private func refused(_ flaw: BencodeFlaw) -> BencodeError {
        BencodeError(position: position, flaw: flaw)
    }
}
