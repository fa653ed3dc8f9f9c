import CommandLine
import Control
import Glibc

/// A conversation with a rank, and the work at the user's end of it: paths are relative to the
/// user's folder, and choices are the user's.
struct ShellTalk: ~Copyable {
    private var conversation: ControlConversation
    private let isJSON: Bool
    /// A user at a terminal, who can be asked and sees a bar, and the rank of the conversation.
    struct Person { let rank: Int }

    var person: Person?

    init(with path: String, isJSON: Bool) throws(ShellError) {
        do throws(ControlError) { conversation = try ControlConversation(with: path) } catch {
            throw .control(error)
        }
        self.isJSON = isJSON
    }

    /// Carries out a line. Returns false if it failed.
    mutating func follow(_ line: String) throws(ShellError) -> Bool {
        guard let words = controlWords(line) else { return try pass(line) }
        switch words.first?.lowercased() {
        case nil: return true
        case "get": return try get(Self.withAbsolutePaths(words))
        default: return try pass(controlLine(Self.withAbsolutePaths(words)))
        }
    }

    /// Whether a line is a command for a rank, whatever its result.
    static func isCommand(_ line: String) -> Bool {
        guard let words = controlWords(line) else { return false }
        do throws(ControlCommandError) {
            _ = try ControlRequest(parsing: controlLine(withAbsolutePaths(words)).utf8)
            return true
        } catch { return false }
    }

    /// Prints the answer of the rank as it comes.
    private mutating func pass(_ line: String) throws(ShellError) -> Bool {
        guard person == nil else { return try show(line) }
        return try ask(isJSON ? "--json \(line)" : line) { answer in
            if let error = Self.error(in: answer) {
                say("mpiswarm: \(harmless(error))\n", on: .error)
            } else {
                say("\(Self.text(of: answer))\n", on: .output)
            }
        }
    }

    /// The same for a user at a terminal.
    private mutating func show(_ line: String) throws(ShellError) -> Bool {
        let command = controlWords(line)?.first?.lowercased() ?? ""
        var meter = ShellMeter(isShown: command == "get")
        var rows: [[String]] = []
        let isDone = try ask(line) { answer in
            if let error = Self.error(in: answer) {
                meter.end()
                say("mpiswarm: \(harmless(error))\n", on: .error)
            } else if command == "get", let words = Self.delay(in: answer) {
                meter.end()
                say("\(harmless(words))\n", on: .output)
            } else if !meter.takes(answer) {
                rows.append(Self.fields(of: answer))
            }
        }
        meter.end()
        guard isDone else { return false }
        for text in ShellTable(command: command).lines(of: rows) {
            say("\(harmless(text))\n", on: .output)
        }
        if rows.isEmpty, let words = ShellTable.silence(after: command) {
            say("\(words)\n", on: .output)
        }
        return true
    }

    /// The reason why a fetch has not begun: the name, and the reason.
    private static func delay(in answer: String) -> String? {
        let fields = fields(of: answer)
        return fields.count == 2 ? "\(fields[0]): \(fields[1])" : nil
    }

    private static func fields(of answer: String) -> [String] {
        text(of: answer).split(separator: "\t", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// A line may ask for JSON by itself; then nothing precedes the object.
    private static func text(of answer: String) -> String {
        answer.hasPrefix(" ") ? String(answer.dropFirst()) : answer
    }

    /// The lines of an answer, without printing them.
    mutating func lines(of words: [String]) throws(ShellError) -> (rows: [[String]], error: String?)
    {
        var rows: [[String]] = []
        var error: String?
        _ = try ask(controlLine(words)) { answer in
            error = Self.error(in: answer) ?? error
            if error == nil { rows.append(Self.fields(of: answer)) }
        }
        return (rows, error)
    }

    private mutating func ask(
        _ line: String, _ each: (String) -> Void
    ) throws(ShellError) -> Bool {
        do throws(ControlError) { return try conversation.ask(line, each) } catch {
            throw .control(error)
        }
    }

    private static func error(in answer: String) -> String? {
        answer.hasPrefix("error ") ? String(answer.dropFirst(6)) : nil
    }

    /// The words of a command with its paths made absolute.
    private static func withAbsolutePaths(_ words: [String]) -> [String] {
        var words = words
        for place in words.indices.dropFirst() {
            let path = words[place]
            let isPath =
                switch (words[0].lowercased(), place) {
                case ("share", 1), ("export", 2): true
                case ("get", 1): unsafe isDescription(path) && access(path, R_OK) == 0
                case ("get", 3...): words[place - 1].lowercased() == "to"
                default: false
                }
            guard isPath else { continue }
            words[place] = absolute(path) + (path.hasSuffix("/") && path != "/" ? "/" : "")
        }
        return words
    }

    private mutating func get(_ words: [String]) throws(ShellError) -> Bool {
        var words = words
        if person != nil, words.count > 1 {
            // The content follows from the rank that has it.
            if !words.dropFirst(2).contains(where: { $0.lowercased() == "from" }) {
                guard let choice = try chosen(words) else { return false }
                words[1] = choice
                guard let source = try source(of: choice) else { return false }
                words += ["from", source]
            }
            words.append("progress")
        }
        return try pass(controlLine(words))
    }

    /// Lets the user choose one of several contents of the same name. Nil if none was chosen.
    private mutating func chosen(_ words: [String]) throws(ShellError) -> String? {
        let rows = try lines(of: ["query", words[1]]).rows.filter { $0.count == 5 && $0[2] != "0" }
        guard rows.count > 1 else { return words[1] }
        say("\(words[1]) is not the same everywhere:\n", on: .output)
        for (number, row) in rows.enumerated() {
            let ranks = try lines(of: ["holders", row[4]]).rows.compactMap(\.first)
            let holders = ranks.count == 1 ? "of rank \(ranks[0])" : "of \(ranks.count) ranks"
            say("  \(number + 1)  \(row[1]) bytes, \(holders), \(row[4])\n", on: .output)
        }
        say("which one (1 to \(rows.count))? ", on: .output)
        guard let line = readLine(), let number = Int(line), rows.indices.contains(number - 1)
        else {
            say("mpiswarm: none was chosen\n", on: .error)
            return nil
        }
        return rows[number - 1][4]
    }

    /// Lets the user choose one of several ranks. Nil if the answer is no rank.
    private mutating func source(of content: String) throws(ShellError) -> String? {
        let ranks = try lines(of: ["holders", content]).rows.compactMap(\.first)
        // A content on this rank has no source.
        guard ranks.count > 1, let person, !ranks.contains("\(person.rank)") else { return "auto" }
        let list = ranks.prefix(Self.ranksShownMax).joined(separator: ", ")
        let more = ranks.count > Self.ranksShownMax ? ", ..." : ""
        say("ranks \(list)\(more) have it; from which one (Enter: all)? ", on: .output)
        guard let line = readLine() else { return nil }
        let word = line.split(separator: " ").first.map(String.init) ?? "auto"
        guard word == "auto" || ranks.contains(word) else {
            say("mpiswarm: rank \(harmless(word)) does not have it\n", on: .error)
            return nil
        }
        return word
    }

    private static let ranksShownMax = 16
}
