/// Cuts a classic input into tokens: runs of bytes that are not blank.
struct ClassicInputScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    struct Token {
        let bytes: ArraySlice<UInt8>
        let line: Int

        /// The beginning of it, for an error.
        var excerpt: [UInt8] { Array(bytes.prefix(ClassicInputFlaw.tokenByteCountMax)) }

        func refused(_ flaw: ClassicInputFlaw) -> ClassicInputError {
            ClassicInputError(line: line, flaw: flaw)
        }
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes that are still to be read: a larger number in the input is not believed.
    var remaining: Int { bytes.count - position }

    mutating func next() -> Token? {
        while position < bytes.count, Self.isBlank(bytes[position]) {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        let start = position
        while position < bytes.count, !Self.isBlank(bytes[position]) { position += 1 }
        return start == position ? nil : Token(bytes: bytes[start..<position], line: line)
    }

    mutating func next(
        _ element: ClassicInputElement
    ) throws(ClassicInputError) -> Token {
        if let token = next() { return token }
        throw ClassicInputError(line: lastLine, flaw: .ended(before: element))
    }

    /// The scanner stands at the end. A final line feed ends the last line and begins none.
    private var lastLine: Int {
        bytes.last == UInt8(ascii: "\n") ? line - 1 : line
    }

    /// The blanks of `isspace` in the C locale.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
