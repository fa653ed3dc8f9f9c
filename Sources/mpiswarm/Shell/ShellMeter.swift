import CommandLine
import Control
import Vocabulary

/// The progress bar of a file, on a line of its own.
struct ShellMeter {
    let isShown: Bool
    private var isOnScreen = false

    private static let width = 24

    init(isShown: Bool) { self.isShown = isShown }

    /// Whether the line of an answer was one for the bar: name, bytes held, bytes in all, bytes a
    /// second, seconds left, sources.
    mutating func takes(_ answer: String) -> Bool {
        guard isShown else { return false }
        let fields = answer.dropFirst().split(separator: "\t").map(String.init)
        guard fields.count == 6, let held = Int64(fields[1]), let size = Int64(fields[2]),
            let rate = Int64(fields[3])
        else { return false }
        let share = size == 0 ? 0 : min(1, Double(held) / Double(size))
        let filled = Int(share * Double(Self.width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: "-", count: Self.width - filled)
        let left = fields[4] == "-" ? "" : ", \(fields[4]) s left"
        say(
            "\r\u{1B}[K[\(bar)] \(ByteCount(held).words) of \(ByteCount(size).words), "
                + "\(ByteCount(rate).words)/s\(left)", on: .output)
        isOnScreen = true
        return true
    }

    mutating func end() {
        if isOnScreen { say("\r\u{1B}[K", on: .output) }
        isOnScreen = false
    }
}
