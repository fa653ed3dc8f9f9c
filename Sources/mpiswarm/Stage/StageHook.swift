import CommandLine
import Glibc
import Launch
import Staging
import Vocabulary

/// The command of `--then` on a rank that writes a copy.
struct StageHook: Sendable {
    private let line: HookLine
    private let order: HookOrder
    /// Nil if no other rank writes to the same place.
    private let othersAreNamed: Promised<Bool>?

    /// Nil if no command follows the copy.
    init?(_ job: StageJob, _ stageOrder: StageOrder, host: String) {
        guard let command = job.options.then, let line = job.hooks,
            let landing = stageOrder.landing,
            // What is collected is one copy, whichever ranks write it.
            job.options.collect == nil || job.rank == .first
        else { return nil }
        let isShared = job.options.collect != nil && stageOrder.receivers.count > 1
        othersAreNamed = isShared ? job.othersAreNamed : nil
        self.line = line
        order = HookOrder(
            command: Self.expanded(
                command,
                ["{dest}": landing.path, "{host}": host, "{rank}": "\(job.rank)"]),
            prefix: "mpiswarm: \(harmless(host)), rank \(job.rank): ",
            timeout: job.options.thenTimeout)
    }

    /// Runs the command on a thread of its own, because it may take any time. `done` gets the
    /// reason of a failure.
    func run(_ done: @escaping @Sendable (String?) -> Void) {
        do throws(LaunchError) {
            _ = try NamedThread(name: "then", self) { hook in done(hook.failure()) }
        } catch { done("--then: \(error)") }
    }

    private func failure() -> String? {
        // A rank that was lost may still return and be whole in the end, so this is a failure.
        if let othersAreNamed, !othersAreNamed.wait() {
            return "--then did not run, because not all sources were collected in time"
        }
        let outcome: HookOutcome?
        do throws(LaunchError) { outcome = try line.run(order) } catch {
            return "--then: \(error)"
        }
        guard let outcome else { return "--then: the process that runs it is gone" }
        let last = outcome.lastLine.isEmpty ? "" : ": \(harmless(outcome.lastLine))"
        switch outcome.end {
        case .exited(0): return nil
        case .exited(let code): return "--then ended with exit code \(code)\(last)"
        case .killed(let signal):
            return "--then was killed by signal \(signal.number) (\(signal))\(last)"
        case .timedOut:
            let limit = order.timeout?.shortText ?? ""
            return "--then was killed after \(limit), the limit of --then-timeout\(last)"
        case .notStarted(let code):
            return "--then could not be started: \(unsafe String(cString: strerror(code)))"
        }
    }

    /// Replaces the words in braces. A value that a shell would not read as one word is put in
    /// quotes.
    private static func expanded(_ command: String, _ values: [String: String]) -> String {
        var rest = command[...]
        var result = ""
        while let brace = rest.firstIndex(of: "{") {
            result += rest[..<brace]
            rest = rest[brace...]
            if let word = values.keys.first(where: { rest.hasPrefix($0) }), let value = values[word]
            {
                result += shellWord(value)
                rest = rest.dropFirst(word.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }
}
