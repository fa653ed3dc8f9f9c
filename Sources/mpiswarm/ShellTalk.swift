import CommandLine
import Control
import Glibc

/// A conversation with a rank, with what is done at the user's end of it: paths are his, and
/// metainfo is read and written here.
struct ShellTalk: ~Copyable {
    private var conversation: ControlConversation
    private let isJSON: Bool
    /// Whether a person is there who can be asked, and sees a bar.
    var isInteractive = false

    init(with path: String, isJSON: Bool) throws(ShellFlaw) {
        do throws(ControlError) { conversation = try ControlConversation(with: path) } catch {
            throw .control(error)
        }
        self.isJSON = isJSON
    }

    /// Does what a line says. False when it came to nothing.
    mutating func follow(_ line: String) throws(ShellFlaw) -> Bool {
        guard let words = controlWords(line) else { return try pass(line) }
        switch words.first {
        case nil: return true
        case "export": return try export(words)
        case "get": return try get(Self.withAbsolutePaths(words))
        default: return try pass(controlLine(Self.withAbsolutePaths(words)))
        }
    }

    /// The rank's answer as it comes.
    private mutating func pass(_ line: String) throws(ShellFlaw) -> Bool {
        let isJSON = isJSON
        var meter = ShellMeter(isShown: isInteractive)
        let isDone = try ask(isJSON ? "--json \(line)" : line) { answer in
            if let error = Self.error(in: answer) {
                meter.end()
                say("mpiswarm: \(harmless(error))\n", on: .error)
            } else if !meter.takes(answer) {
                meter.end()
                let text = isJSON ? answer : String(answer.dropFirst())
                say("\(text)\n", on: .output)
            }
        }
        meter.end()
        return isDone
    }

    /// The lines of an answer, without telling anybody.
    mutating func lines(of words: [String]) throws(ShellFlaw) -> (rows: [[String]], error: String?)
    {
        var rows: [[String]] = []
        var error: String?
        _ = try ask(controlLine(words)) { answer in
            error = Self.error(in: answer) ?? error
            if error == nil {
                let fields = answer.dropFirst().split(
                    separator: "\t", omittingEmptySubsequences: false)
                rows.append(fields.map(String.init))
            }
        }
        return (rows, error)
    }

    private mutating func ask(
        _ line: String, _ each: (String) -> Void
    ) throws(ShellFlaw) -> Bool {
        do throws(ControlError) { return try conversation.ask(line, each) } catch {
            throw .control(error)
        }
    }

    private static func error(in answer: String) -> String? {
        answer.hasPrefix("error ") ? String(answer.dropFirst(6)) : nil
    }

    /// Where a file is to go, or lies, is said as seen from here.
    private static func withAbsolutePaths(_ words: [String]) -> [String] {
        var words = words
        for place in words.indices.dropFirst() {
            let before = words[place - 1]
            guard
                before == "to" && words[0] == "get" && place > 2 || before == "share" && place == 1
            else { continue }
            let path = words[place]
            words[place] = absolute(path) + (path.hasSuffix("/") && path != "/" ? "/" : "")
        }
        return words
    }

    private mutating func get(_ words: [String]) throws(ShellFlaw) -> Bool {
        var words = words
        guard words.count > 1 else { return try pass(controlLine(words)) }
        if let described = ShellMetainfo(words[1]) {
            return try get(described, words)
        }
        if isInteractive {
            guard let choice = try chosen(words) else { return false }
            words[1] = choice
            words.append("progress")
        }
        return try pass(controlLine(words))
    }

    /// Of several contents under one name the person says which it shall be. Nil when none.
    private mutating func chosen(_ words: [String]) throws(ShellFlaw) -> String? {
        let rows = try lines(of: ["query", words[1]]).rows.filter { $0.count == 5 }
        guard rows.count > 1 else { return words[1] }
        say("\(words[1]) is not the same everywhere:\n", on: .output)
        for (number, row) in rows.enumerated() {
            say("  \(number + 1)  \(row[1]) bytes, \(row[2]) seeds, \(row[4])\n", on: .output)
        }
        say("which one (1 to \(rows.count))? ", on: .output)
        guard let line = readLine(), let number = Int(line), rows.indices.contains(number - 1)
        else {
            say("mpiswarm: none was chosen\n", on: .error)
            return nil
        }
        return rows[number - 1][4]
    }

    /// What a seed file or a torrent describes: it is found by name and size, and held to the
    /// digests when it is here.
    private mutating func get(
        _ described: ShellMetainfo, _ words: [String]
    ) throws(ShellFlaw) -> Bool {
        let rows = try lines(of: ["query", described.name]).rows
        let fits = rows.filter { $0.count == 5 && $0[1] == "\(described.size)" }
        guard let row = fits.first else {
            say("mpiswarm: nobody has \(described.name) of \(described.size) bytes\n", on: .error)
            return false
        }
        let answer = try lines(of: ["get", row[4]] + words.dropFirst(2))
        if let error = answer.error {
            say("mpiswarm: \(harmless(error))\n", on: .error)
            return false
        }
        guard let path = answer.rows.last?[1] else { return true }
        guard described.holds(path) else {
            unsafe unlink(path)
            say(
                "mpiswarm: \(described.name) is not what is described; it was removed\n", on: .error
            )
            return false
        }
        say("\(described.name)\t\(path)\t\(row[4])\n", on: .output)
        return true
    }

    private mutating func export(_ words: [String]) throws(ShellFlaw) -> Bool {
        guard words.count == 3 else {
            say("mpiswarm: it is: export NAME FILE\n", on: .error)
            return false
        }
        let answer = try lines(of: ["where", words[1]])
        guard let path = answer.rows.first?.first else {
            say("mpiswarm: \(harmless(answer.error ?? "nothing is known of it"))\n", on: .error)
            return false
        }
        var options = MakeOptions()
        options.path = path
        options.output = words[2]
        if words[2].hasSuffix(".seed") { options.format = .seed }
        if words[2].hasSuffix(".manifest") { options.format = .manifest }
        return Make(options).perform() == 0
    }
}
