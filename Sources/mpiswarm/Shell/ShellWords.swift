import Control
import Node

/// The words for completion: commands, and the names of files in the last list. The library calls a
/// function without an owner.
enum ShellWords {
    private static let known = Mailbox<String>()

    static func learn(files: [String]) {
        _ = takeFiles()
        known.put(files, isUrgent: false)
    }

    /// The replacements for `start`, which follows `before` on the line.
    static func beginning(with start: String, after before: String) -> [String] {
        let commands = ControlCommand.all.compactMap { $0.spelling.split(separator: " ").first }
        let files = takeFiles()
        known.put(files, isUrgent: false)
        let words = before.contains(" ") ? files : commands.map(String.init)
        return Array(Set(completions(of: start, after: before, among: words))).sorted()
    }

    private static func takeFiles() -> [String] {
        var files: [String] = []
        known.empty(into: &files)
        return files
    }
}
