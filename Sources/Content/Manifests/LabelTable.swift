package import Vocabulary

/// The labels of one content in order, laid end to end in one block of memory with a line feed
/// after each: `text` is written to disk as it is. Beside it one word of four bytes has the end of
/// each label, so that ten million labels take their own size and 50 MB.
package struct LabelTable: Equatable, Sendable {
    package private(set) var text: [UInt8] = []
    /// The position of each label's line feed.
    private var ends: [UInt32] = []

    /// Characters are Unicode scalars: those that a reader sees have no greatest size in bytes.
    package static let labelCharacterCountMax = 64
    /// The largest text that the words in `ends` can address.
    package static let textByteCountMax = Int(UInt32.max)

    package init() {}

    /// Takes labels that are each followed by a line feed.
    package init(text: [UInt8]) throws(LabelError) {
        guard text.count <= Self.textByteCountMax else { throw .tableFull }
        var start = 0
        for position in text.indices where text[position] == Self.lineFeed {
            try Self.check(text[start..<position])
            guard ends.count < Geometry.pieceCountMax else { throw .tableFull }
            ends.append(UInt32(position))
            start = position + 1
        }
        guard start == text.count else { throw .unended }
        self.text = text
    }

    package var count: Int { ends.count }

    package subscript(piece: PieceIndex) -> ArraySlice<UInt8> {
        let start = piece.position == 0 ? 0 : Int(ends[piece.position - 1]) + 1
        return text[start..<Int(ends[piece.position])]
    }

    /// Reserves memory. The caller bounds numbers that come from outside.
    package mutating func reserve(labels: Int, textByteCount: Int) {
        ends.reserveCapacity(labels)
        text.reserveCapacity(textByteCount)
    }

    package mutating func append(_ label: ArraySlice<UInt8>) throws(LabelError) {
        try Self.check(label)
        guard count < Geometry.pieceCountMax,
            text.count + label.count < Self.textByteCountMax
        else { throw .tableFull }
        text.append(contentsOf: label)
        ends.append(UInt32(text.count))
        text.append(Self.lineFeed)
    }

    private static let lineFeed = UInt8(ascii: "\n")

    /// Most labels are ASCII, for which one pass over the bytes is enough. Bytes that are no text
    /// are refused whatever their number of characters.
    private static func check(_ label: ArraySlice<UInt8>) throws(LabelError) {
        guard !label.isEmpty else { throw .empty }
        var characterCount = 0
        var seen: UInt8 = 0
        var holdsControl = false
        for byte in label {
            if byte & 0xC0 != 0x80 { characterCount += 1 }
            seen |= byte
            if byte <= 0x20 || byte == 0x7F { holdsControl = true }
        }
        guard characterCount <= labelCharacterCountMax else {
            throw .tooLong(characterCount: characterCount)
        }
        guard !holdsControl else { throw .control }
        if seen >= 0x80 { try checkText(label) }
    }

    private static func checkText(_ label: ArraySlice<UInt8>) throws(LabelError) {
        guard let text = String(validating: label, as: UTF8.self) else { throw .notText }
        for scalar in text.unicodeScalars where (0x80...0x9F).contains(scalar.value) {
            throw .control
        }
    }
}
