import Glibc

/// Prints the output of a command line by line, each behind a prefix and with one `write`, since
/// the lines of several writers tear under mpirun.
struct HookPrinter {
    let prefix: String
    let output: Int32
    /// The output has ended.
    var isAtEnd = false
    private(set) var lastLine = ""
    private var line: [UInt8] = []
    private var printedCount = 0

    /// A command that prints without end must not fill the log of a job of a thousand nodes.
    static let linesMax = 1000
    static let lineByteCountMax = 1000

    init(prefix: String, output: Int32) {
        self.prefix = prefix
        self.output = output
    }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                end()
            } else if line.count < Self.lineByteCountMax {
                // Control characters could command a terminal, so they are replaced.
                line.append(byte < 0x20 && byte != 0x09 || byte == 0x7F ? UInt8(ascii: "?") : byte)
            }
        }
    }

    /// A last line may lack its end.
    mutating func finish() {
        if !line.isEmpty { end() }
    }

    private mutating func end() {
        let text = String(decoding: line, as: UTF8.self)
        line = []
        if !text.isEmpty { lastLine = text }
        printedCount += 1
        guard printedCount <= Self.linesMax else { return }
        let isLast = printedCount == Self.linesMax
        let bytes = Array("\(prefix)\(isLast ? "more output is not printed" : text)\n".utf8)
        // An output without a reader is no reason to stop.
        _ = unsafe write(output, bytes, bytes.count)
    }
}
