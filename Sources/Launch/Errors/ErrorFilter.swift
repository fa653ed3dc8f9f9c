/// Removes the messages that Open MPI prints to a rank's standard error when the other end of a
/// connection has died. All other output passes at once and unchanged: a line is held back only
/// while it begins with `[`, like those of Open MPI.
///
/// Invariant: no more than `heldMax` bytes are held.
package struct ErrorFilter {
    private enum State {
        /// The beginning of a line is held back until its kind is known.
        case deciding([UInt8])
        case passing
        case dropping
    }

    /// Open MPI's lines are 100 to 300 bytes long. A longer line is judged by its beginning.
    package static let heldMax = 4096

    private static let newline = UInt8(ascii: "\n")
    private static let bracket = UInt8(ascii: "[")
    private static let tab = UInt8(ascii: "\t")

    private var state = State.deciding([])
    /// Whether the last line was left out: an indented line after it belongs to it.
    private var hasJustDropped = false

    package init() {}

    /// Takes the next bytes, and returns those that may be printed now.
    package mutating func pass(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var passed: [UInt8] = []
        for byte in bytes {
            switch state {
            case .deciding(var held):
                held.append(byte)
                if Self.isUndecided(held, hasJustDropped) {
                    state = .deciding(held)
                } else {
                    decide(held, &passed)
                }
            case .passing:
                passed.append(byte)
                if byte == Self.newline { state = .deciding([]) }
            case .dropping:
                if byte == Self.newline { state = .deciding([]) }
            }
        }
        return passed
    }

    /// Ends the stream, and returns the bytes held back that may be printed.
    package mutating func finish() -> [UInt8] {
        var passed: [UInt8] = []
        if case .deciding(let held) = state, !held.isEmpty { decide(held, &passed) }
        state = .deciding([])
        return passed
    }

    private static func isUndecided(_ held: [UInt8], _ hasJustDropped: Bool) -> Bool {
        guard held.first == bracket || (hasJustDropped && held.first == tab) else { return false }
        return held.last != newline && held.count < heldMax
    }

    private mutating func decide(_ held: [UInt8], _ passed: inout [UInt8]) {
        let isDropped =
            hasJustDropped && held.first == Self.tab
            || Self.isNoise(String(decoding: held, as: UTF8.self))
        if !isDropped { passed += held }
        let isWhole = held.last == Self.newline
        state = isWhole ? .deciding([]) : isDropped ? .dropping : .passing
        hasJustDropped = isDropped
    }

    /// `[host][[job,1],rank][…/btl_tcp_frag.c:135:…] …` of the TCP transport, and
    /// `[host:pid] PMIX ERROR: BAD-PARAM …`, which a notification of the runtime causes that the
    /// rank's library does not know.
    private static func isNoise(_ line: String) -> Bool {
        guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else { return false }
        let rest = line[line.index(after: end)...]
        return rest.hasPrefix("[[") && rest.contains("btl_tcp_") && rest.contains(".c:")
            || rest.hasPrefix(" PMIX ERROR: ") && rest.contains("BAD-PARAM")
    }
}
