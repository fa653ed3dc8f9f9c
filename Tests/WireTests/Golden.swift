import Testing
import Vocabulary
import Wire

/// A message and its head as hexadecimal digits. The digits were not made by the code under test:
/// whoever changes what a message looks like has to change them by hand.
struct Golden: Sendable, CustomTestStringConvertible {
    let message: Message
    let hex: String

    init(_ message: Message, _ hex: String) {
        self.message = message
        self.hex = hex
    }

    static var all: [Golden] { tracker + download + upload + overlay }

    var bytes: [UInt8] { [UInt8](hex: hex) }
    var testDescription: String { "\(message)" }
}

extension [UInt8] {
    init(hex: String) {
        let digits = hex.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The tests' one unsafe expression.
    func withBytes<Result>(
        _ body: (RawSpan) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try unsafe body(span.bytes)
    }

    /// A message as it travels.
    init(_ message: Message, tail: [UInt8] = []) {
        var head = message.head
        head.tailCount = tail.count
        self.init(repeating: 0, count: Head.byteCount)
        var span = mutableSpan
        var bytes = unsafe span.mutableBytes
        head.encode(into: &bytes)
        append(contentsOf: tail)
    }
}

private func parse(_ bytes: [UInt8], tag: Vocabulary.Tag) throws(WireError) -> Message {
    try bytes.withBytes { (span) throws(WireError) in try Message(parsing: span, tag: tag) }
}

/// Nil where the bytes are refused.
func decoded(_ bytes: [UInt8], tag: Vocabulary.Tag) -> Message? {
    do { return try parse(bytes, tag: tag) } catch { return nil }
}

/// Why the bytes are refused.
func flaw(of bytes: [UInt8], tag: Vocabulary.Tag) -> WireError? {
    do {
        _ = try parse(bytes, tag: tag)
        return nil
    } catch { return error }
}
