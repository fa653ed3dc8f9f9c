/// The lines of a text that hold something, with their numbers: blank lines count and are passed
/// over, and what is blank around a line is not of it. Lines end at line feeds.
struct TextLines: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0
    private var number = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> (number: Int, text: ArraySlice<UInt8>)? {
        while position < bytes.count {
            number += 1
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = Self.trimmed(bytes[position..<end])
            position = end + 1
            if !line.isEmpty { return (number, line) }
        }
        return nil
    }

    /// The blanks of `isspace` in the C locale.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func words(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(whereSeparator: isBlank)
    }

    static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line.drop(while: isBlank)
    }
}
