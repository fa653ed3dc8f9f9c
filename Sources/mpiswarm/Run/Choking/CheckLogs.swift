import CommandLine
import Content
import Control
import Storage

/// `mpiswarm check-logs DIR`
struct CheckLogs {
    private let options: CheckLogsOptions

    init(_ options: CheckLogsOptions) { self.options = options }

    func perform() -> Int32 {
        do throws(ChokingError) {
            return options.isStrict ? try checkStrictly() : try checkLoosely()
        } catch {
            say("mpiswarm: \(harmless(error.sentence))\n", on: .error)
            return UsageError.exitStatus
        }
    }

    private var configuration: String { options.config ?? options.directory }

    /// Ends at the first line that breaks a rule, and a line that is none of the sentences does.
    private func checkStrictly() throws(ChokingError) -> Int32 {
        let terms = try LogTerms(
            strictlyIn: configuration, isAskedFor: options.config != nil)
        let files = try LogFiles(in: options.directory, isStrict: true)
        let check = try read(files, terms)
        guard let breach = check.breaches().first else {
            say("good: \(figures(check))\n", on: .output)
            return 0
        }
        say("mpiswarm: \(harmless(place(of: breach.first, files)))\n", on: .error)
        return 1
    }

    private func checkLoosely() throws(ChokingError) -> Int32 {
        var lines: [String] = []
        let terms = try LogTerms(
            looselyIn: configuration, isAskedFor: options.config != nil, unused: &lines)
        lines = Self.first(lines)
        let files = try LogFiles(in: options.directory, isStrict: false)
        let check = try read(files, terms)
        lines += check.unread.map { unread in
            let text = String(decoding: unread.bytes, as: UTF8.self)
            let place = "\(path(of: unread.peer, files)):\(unread.line)"
            return "\(place): not understood: '\(text.filter { !$0.isNewline })'"
        }
        guard check.hasSentences else { throw .noSentences(options.directory, check.peerCount) }
        let breaches = check.breaches()
        lines += check.unchecked.map { "not checked, since no line speaks of it: \($0)" }
        if check.hasMoreNeighbours {
            lines.append("not checked: more than \(LogCheck.neighboursMax) pairs of peers")
        }
        lines += breaches.map { "\(place(of: $0.first, files))\(Self.frequency(of: $0))" }
        lines.append(verdict(check, breachCount: breaches.count))
        say(lines.map { harmless($0) + "\n" }.joined(), on: .output)
        return breaches.isEmpty ? 0 : 1
    }

    private func read(_ files: LogFiles, _ terms: LogTerms) throws(ChokingError) -> LogCheck {
        var check = LogCheck(terms, isStrict: options.isStrict)
        for peer in files.peers(listed: terms.peers) {
            let path = path(of: peer, files)
            check.begin(logOf: peer)
            do throws(StorageError) { try readParts(path: path) { check.feed($0) } } catch {
                throw .unreadable(path, error)
            }
            check.end()
        }
        return check
    }

    private func verdict(_ check: LogCheck, breachCount: Int) -> String {
        var words = breachCount == 0 ? "good" : "bad, \(counted(breachCount, "rule")) broken"
        if check.unreadCount > 0 {
            words += ", \(counted(check.unreadCount, "line")) not understood"
        }
        return "\(words): \(figures(check))"
    }

    private func figures(_ check: LogCheck) -> String {
        "\(check.peerCount) logs, \(check.pieceCount) pieces downloaded"
    }

    private func path(of peer: PeerID, _ files: LogFiles) -> String {
        files.paths[peer] ?? "\(options.directory)/log_peer_\(peer).log"
    }

    private func place(of flaw: LogFlaw, _ files: LogFiles) -> String {
        let line = flaw.line > 0 ? ":\(flaw.line)" : ""
        return "\(path(of: flaw.peer, files))\(line): \(flaw.rule.words)"
    }

    private static func frequency(of breach: LogBreach) -> String {
        guard breach.count > 1 else { return "" }
        let logs = breach.logCount > 1 ? " in \(breach.logCount) logs" : ""
        return " (\(breach.count) times\(logs))"
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }

    /// As many as there are shown of lines of logs.
    private static func first(_ lines: [String]) -> [String] {
        let shown = lines.prefix(LogCheck.unreadShownMax)
        guard lines.count > shown.count else { return lines }
        return shown + ["and \(lines.count - shown.count) more lines of these files"]
    }
}
