import Control
import Node

/// What completion offers: commands, and the names of files as they were listed last. The library
/// asks for them through a function without an owner.
enum ShellWords {
    private static let known = Mailbox<String>()

    static func learn(files: [String]) {
        _ = takeFiles()
        known.put(files, isUrgent: false)
    }

    static func beginning(with start: String, isCommand: Bool) -> [String] {
        let commands = ControlCommand.all.compactMap { $0.spelling.split(separator: " ").first }
        let files = takeFiles()
        known.put(files, isUrgent: false)
        let words = isCommand ? commands.map(String.init) : files
        return Array(Set(words.filter { $0.hasPrefix(start) })).sorted()
    }

    private static func takeFiles() -> [String] {
        var files: [String] = []
        known.empty(into: &files)
        return files
    }
}
