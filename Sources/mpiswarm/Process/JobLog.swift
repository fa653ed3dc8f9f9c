import CommandLine
import Node
import Storage

/// The lines of a job for people. Each line is printed, and appended with its time to the file of
/// `--log`, by the rank that reports for the job: rank 0, or the rank in its place.
final class JobLog: Sendable {
    private let file: LogFile?
    private let failures = Mailbox<Void>()

    /// The log of a job whose command has no option `--log`.
    static let none = JobLog(path: nil)

    /// If the path is nil, lines are only printed.
    init(path: String?) {
        file = path.map { LogFile(path: $0) }
    }

    var hasFile: Bool { file != nil }

    /// Whether every line was appended to the file.
    var isComplete: Bool { failures.isEmpty }

    /// The reason why no lines can be appended; nil if they can. Creates the file.
    func flaw() -> String? {
        do throws(StorageError) {
            try file?.create()
            return nil
        } catch {
            failures.put(())
            return "--log \(file?.path ?? ""): cannot be written: \(error.reason)"
        }
    }

    func print(_ line: String, on stream: StandardStream = .error) {
        // The log comes first, because a closed terminal may end the process.
        append(line)
        say(line + "\n", on: stream)
    }

    /// Only the first of several failures is printed.
    func append(_ line: String) {
        do throws(StorageError) {
            try file?.append("\(now) \(line)\n")
        } catch {
            guard isComplete, let file else { return }
            failures.put(())
            say("mpiswarm: --log \(sentence(error, file.path))\n", on: .error)
        }
    }

    private var now: String {
        let milliseconds = wallClock() / 1_000_000
        return CalendarDate(secondsSince1970: Int64(milliseconds / 1000))
            .isoText(milliseconds: Int(milliseconds % 1000))
    }
}
