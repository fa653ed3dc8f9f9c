import CEdit
import CommandLine
import Control
import Glibc

/// A shell on a terminal: a prompt with history and completion.
struct ShellScreen {
    let job: String
    let rank: Int

    func talk(_ talk: inout ShellTalk) throws(ShellError) -> Int32 {
        talk.person = ShellTalk.Person(rank: rank)
        unsafe cedit_begin("mpiswarm", completion)
        using_history()
        say("rank \(rank) of job \(job); 'help' lists the commands\n", on: .output)
        ShellWords.learn(files: try talk.lines(of: ["list"]).rows.compactMap(\.first))
        while let line = prompt() {
            guard let words = controlWords(line) else {
                say("mpiswarm: a quote is not closed\n", on: .error)
                continue
            }
            guard let first = words.first?.lowercased() else { continue }
            if first == "exit" || first == "quit" { return 0 }
            if first == "help" { Self.help() } else { _ = try talk.follow(line) }
            if first == "shutdown" { return 0 }
            ShellWords.learn(files: try talk.lines(of: ["list"]).rows.compactMap(\.first))
        }
        say("\n", on: .output)
        return 0
    }

    /// Nil at the end of the input. An interrupt discards the line and begins the next one.
    private func prompt() -> String? {
        var wasInterrupted: Int32 = 0
        guard let text = unsafe cedit_read("mpiswarm rank \(rank)> ", &wasInterrupted) else {
            guard wasInterrupted != 0 else { return nil }
            say("\n", on: .output)
            return ""
        }
        defer { unsafe free(text) }
        let line = unsafe String(cString: text)
        if !line.isEmpty { unsafe add_history(line) }
        return line
    }

    private static func help() {
        let width = ControlCommand.all.map(\.spelling.count).max() ?? 0
        for (spelling, text) in ControlCommand.all {
            let gap = String(repeating: " ", count: width - spelling.count + 2)
            say("  \(spelling)\(gap)\(text)\n", on: .output)
        }
    }
}

/// The library asks for the words one by one, for the first with 0.
private func completion(
    _ start: UnsafePointer<CChar>?, _ number: Int32
) -> UnsafeMutablePointer<CChar>? {
    guard let start = unsafe start, let line = unsafe cedit_line() else { return nil }
    let word = unsafe String(cString: start)
    let head = unsafe String(
        decoding: String(cString: line).utf8.prefix(Int(cedit_cursor())), as: UTF8.self)
    let before = head.hasSuffix(word) ? String(head.dropLast(word.count)) : head
    let found = ShellWords.beginning(with: word, after: before)
    guard found.indices.contains(Int(number)) else { return nil }
    return unsafe strdup(found[Int(number)])
}
