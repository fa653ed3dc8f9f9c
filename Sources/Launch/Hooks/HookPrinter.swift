import Glibc

/// Prints the output of a command line by line, each with a prefix and in one `write`, because
/// mpirun mixes lines that are written in parts.
struct HookPrinter {
    let prefix: String
    let output: Int32
    /// Whether the output has ended.
    var isAtEnd = false
    private(set) var lastLine = ""
    private var line: [UInt8] = []
    private var printedCount = 0

    /// The limit for one command: a command that prints without end must not fill the log of a job
    /// of a thousand nodes.
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

    /// Prints the last line, which may lack its line end.
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
        // If nothing reads the output, the command still continues.
        _ = unsafe write(output, bytes, bytes.count)
    }
}
