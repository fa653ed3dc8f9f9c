import CLinux
import Glibc
import Testing

@testable import Launch

/// Commands of a worker, without the worker: the runner works on a thread.
@Suite struct HookRunnerTests {
    /// A runner, with the ends of its pipes.
    private final class Bench {
        let line: HookLine
        private let output: Int32
        private let thread: NamedThread

        init() throws {
            let (orders, answers) = (try makePipe(O_CLOEXEC), try makePipe(O_CLOEXEC))
            let printed = try makePipe(O_CLOEXEC)
            line = HookLine(answers: answers.reader, orders: orders.writer)
            output = printed.reader
            let runner = HookRunner(
                orders: orders.reader, answers: answers.writer, output: printed.writer)
            thread = try NamedThread(name: "runner", runner) { runner in
                do throws(LaunchError) { try runner.serve() } catch {
                    Issue.record("the runner failed: \(error)")
                }
                for end in [runner.orders, runner.answers, runner.output] { close(end) }
            }
        }

        func run(_ command: String, timeout: Duration? = nil) throws -> HookOutcome? {
            try line.run(HookOrder(command: command, prefix: "> ", timeout: timeout))
        }

        /// Waits until a command prints something.
        func printedNext() -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(output, &bytes, bytes.count)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        /// The worker is gone. Returns what the commands printed.
        func end() throws -> String {
            close(line.orders)
            try thread.join()
            close(line.answers)
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = unsafe read(output, &bytes, bytes.count)
                guard count > 0 else { break }
                all += bytes[..<count]
            }
            close(output)
            return String(decoding: all, as: UTF8.self)
        }
    }

    @Test(.timeLimit(.minutes(1))) func commandsRunOneAfterAnother() throws {
        let bench = try Bench()
        #expect(try bench.run("true") == HookOutcome(.exited(code: 0)))
        let failed = try bench.run("echo one; echo two >&2; printf three; exit 7")
        #expect(failed == HookOutcome(.exited(code: 7), lastLine: "three"))
        #expect(try bench.run("kill -TERM $$")?.end == .killed(by: .terminate))
        #expect(try bench.run("no-such-command 2>/dev/null")?.end == .exited(code: 127))
        // Nothing to read, and no variable by which MPI would take it for a rank.
        #expect(try bench.run("cat; env | grep -c '^OMPI_' ; true")?.lastLine == "0")
        #expect(try bench.end() == "> one\n> two\n> three\n> 0\n")
    }

    /// With all that it has started.
    @Test(.timeLimit(.minutes(1))) func aHangingCommandIsKilledWithItsGroup() throws {
        let bench = try Bench()
        let outcome = try bench.run(
            "sleep 1000 & echo $!; sleep 1000", timeout: .milliseconds(100))
        #expect(outcome?.end == .timedOut)
        let child = try #require(Int32(outcome?.lastLine ?? ""))
        #expect(isGone(child))
        _ = try bench.end()
    }

    /// It may have done its work by starting something that stays, as a mount of a user does.
    @Test(.timeLimit(.minutes(1))) func processesThatACommandLeavesAreNotWaitedFor() throws {
        let bench = try Bench()
        let outcome = try bench.run("sleep 1000 & echo $!")
        #expect(outcome?.end == .exited(code: 0))
        let child = try #require(Int32(outcome?.lastLine ?? ""))
        #expect(kill(child, SIGKILL) == 0)
        _ = try bench.end()
    }

    @Test(.timeLimit(.minutes(1))) func theEndOfTheWorkerEndsItsCommand() throws {
        let bench = try Bench()
        let order = HookOrder(command: "echo $$ && exec sleep 1000", prefix: "")
        try HookPipe.send(order.encoded, to: bench.line.orders)
        let process = try #require(Int32(bench.printedNext().dropLast()))
        _ = try bench.end()
        #expect(isGone(process))
    }

    @Test(.timeLimit(.minutes(1))) func endlessOutputIsCut() throws {
        let bench = try Bench()
        let outcome = try bench.run(
            "yes | head -3000; printf '\\033[2J%5000s' x; exit 1 # long", timeout: .seconds(60))
        #expect(outcome?.lastLine.utf8.count == HookPrinter.lineByteCountMax)
        #expect(outcome?.lastLine.hasPrefix("?[2J ") == true)
        let lines = try bench.end().split(separator: "\n")
        #expect(lines.count == HookPrinter.linesMax)
        #expect(lines.last == "> more output is not printed")
    }

    @Test func ordersAndOutcomesTravel() {
        for timeout: Duration? in [nil, .milliseconds(1), .seconds(5)] {
            let order = HookOrder(command: "a b\n'c'", prefix: "p: ", timeout: timeout)
            #expect(HookOrder(parsing: order.encoded) == order)
        }
        for end: HookOutcome.End in [
            .exited(code: 3), .killed(by: .kill), .timedOut, .notStarted(errno: ENOENT),
        ] {
            let outcome = HookOutcome(end, lastLine: "x y")
            #expect(HookOutcome(parsing: outcome.encoded) == outcome)
        }
        for text in ["", "e", "e\0", "e\0x\0", "z\u{0}1\0", "1\0p"] {
            #expect(HookOutcome(parsing: Array(text.utf8)) == nil)
            #expect(HookOrder(parsing: Array(text.utf8)) == nil)
        }
    }

    /// A zombie waits for whoever inherits it.
    private func isGone(_ process: Int32) -> Bool {
        for _ in 0..<500 {
            if kill(process, 0) != 0 { return true }
            let path = "/proc/\(process)/stat"
            guard let file = unsafe fopen(path, "r") else { return true }
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = unsafe fread(&bytes, 1, bytes.count, file)
            unsafe fclose(file)
            let fields = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
            if fields.count > 2, fields[2] == "Z" { return true }
            usleep(10_000)
        }
        return false
    }
}
