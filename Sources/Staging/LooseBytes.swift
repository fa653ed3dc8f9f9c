import Vocabulary
package import Wire

/// The bytes of a described piece that a rank has and could not verify, because the piece continues
/// in files that it does not have, or that are damaged there.
package struct LooseBytes: Equatable, Sendable {
    package let piece: Int
    /// The file of the description that they belong to.
    package let stretch: Int
    package let bytes: [UInt8]

    package init(piece: Int, stretch: Int, bytes: [UInt8]) {
        self.piece = piece
        self.stretch = stretch
        self.bytes = bytes
    }

    /// The most bytes that one rank sends.
    package static let byteCountMax = 64 << 20
}

/// The list of described files on a rank: the tree of good parts, and then the loose bytes. From
/// the end: 8 number of bytes of all loose parts; before it, for each, 4 piece, 4 stretch, 4 length
/// and the bytes.
package enum DescribedList {
    package static func encoded(_ tree: [UInt8], _ loose: [LooseBytes]) -> [UInt8] {
        var rest: [UInt8] = []
        for item in loose {
            rest.write(UInt32(item.piece))
            rest.write(UInt32(item.stretch))
            rest.write(UInt32(item.bytes.count))
            rest += item.bytes
        }
        let count = UInt64(rest.count)
        rest.write(count)
        return tree + rest
    }

    package static func parsing(
        _ bytes: [UInt8]
    ) throws(WireError) -> (tree: [UInt8], loose: [LooseBytes]) {
        guard bytes.count >= 8 else { throw .malformed }
        var cursor = bytes.count - 8
        let all = unsafe bytes.span.bytes
        let count: UInt64 = try all.read(&cursor)
        guard count <= UInt64(bytes.count - 8) else { throw .malformed }
        let start = bytes.count - 8 - Int(count)
        cursor = start
        var loose: [LooseBytes] = []
        while cursor < bytes.count - 8 {
            let piece: UInt32 = try all.read(&cursor)
            let stretch: UInt32 = try all.read(&cursor)
            let length: UInt32 = try all.read(&cursor)
            guard Int(length) <= bytes.count - 8 - cursor else { throw .malformed }
            loose.append(
                LooseBytes(
                    piece: Int(piece), stretch: Int(stretch),
                    bytes: try all.readBytes(Int(length), &cursor)))
        }
        guard cursor == bytes.count - 8 else { throw .malformed }
        return (Array(bytes[..<start]), loose)
    }
}
