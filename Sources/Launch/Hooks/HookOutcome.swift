/// The outcome of a command, with its encoding: a letter, a number, and the last line of its
/// output.
package struct HookOutcome: Equatable, Sendable {
    package enum End: Equatable, Sendable {
        case exited(code: Int32)
        case killed(by: Signal)
        /// The command was killed because its time was up.
        case timedOut
        case notStarted(errno: Int32)
    }

    package let end: End
    package let lastLine: String

    init(_ end: End, lastLine: String = "") {
        self.end = end
        self.lastLine = lastLine
    }

    init?(parsing bytes: [UInt8]) {
        let fields = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, let number = Int32(String(decoding: fields[1], as: UTF8.self))
        else { return nil }
        switch fields[0] {
        case [UInt8(ascii: "e")]: end = .exited(code: number)
        case [UInt8(ascii: "k")]: end = .killed(by: Signal(number))
        case [UInt8(ascii: "t")]: end = .timedOut
        case [UInt8(ascii: "n")]: end = .notStarted(errno: number)
        default: return nil
        }
        lastLine = String(decoding: fields[2], as: UTF8.self)
    }

    var encoded: [UInt8] {
        let (letter, number): (String, Int32) =
            switch end {
            case .exited(let code): ("e", code)
            case .killed(let signal): ("k", signal.number)
            case .timedOut: ("t", 0)
            case .notStarted(let errno): ("n", errno)
            }
        return Array("\(letter)\0\(number)\0\(lastLine)".utf8)
    }
}
