import Glibc
import TestSupport
import Testing

/// A job of `serve` in a folder of its own: peer P offers what lies in `P`, and users find it by
/// the sockets in `run`. Where there is one tracker, peers are numbered like ranks.
final class ServePlace {
    let place: Place
    private let peers: Int
    private let trackers: Int

    init(ranks: Int, trackers: Int = 1, _ script: String = "true") throws {
        self.trackers = trackers
        peers = ranks - trackers
        let folders = (1...peers).map { "\($0)" }.joined(separator: " ")
        place = try Place("mkdir -p run \(folders) && \(script)")
    }

    var path: String { place.path }
    private var environment: [String] { ["XDG_RUNTIME_DIR=\(path)/run"] }

    func rank(_ peer: Int) -> Int { peer + trackers - 1 }

    /// Runs the job while `body` does what users do; then it has to end by itself.
    func serve(
        _ options: [String] = [], limit: Duration = .seconds(60), _ body: (RunHandle) -> Void
    ) throws -> CommandResult {
        let result = try ProcessRunner.mpirun(
            np: peers + trackers,
            arguments: ["serve", "--share", "\(path)/{rank}", "--job", "test"]
                + (trackers > 1 ? ["--trackers", "\(trackers)"] : []) + options,
            environment: environment, limit: limit,
            meanwhile: { handle in
                waitUntilThere()
                body(handle)
            })
        #expect(!result.ranOut, "\(result.unfinished)")
        #expect(result.orphans == 0)
        return result
    }

    /// The same, and from the start others ask which jobs there are.
    func serveWhileOthersLook(_ body: (RunHandle) -> Void) throws -> CommandResult {
        for _ in 0..<4 {
            script("(for i in $(seq 50); do \"$1\" jobs; done > log 2>&1 &)")
        }
        return try serve([], body)
    }

    private func waitUntilThere() {
        wait {
            self.shell(1, "peers").lines.count { $0.contains("there") && !$0.contains("not there") }
                == self.peers
        }
    }

    /// Until it is so, or twenty seconds are over.
    @discardableResult
    func wait(until isSo: () -> Bool) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while clock.now < deadline {
            if isSo() { return true }
            pause(.milliseconds(50))
        }
        return false
    }

    /// What users say to a peer, in one shell.
    @discardableResult
    func shell(_ peer: Int, _ commands: String...) -> CommandResult {
        run(
            [
                ProcessRunner.product("mpiswarm"), "shell", "--job", "test", "--rank",
                "\(rank(peer))",
            ]
                + commands.flatMap { ["-c", $0] })
    }

    /// A command in the folder, with the environment of the job.
    @discardableResult
    func run(_ command: [String], limit: Duration = .seconds(60)) -> CommandResult {
        do {
            return try ProcessRunner.run(command, environment: environment, limit: limit)
        } catch {
            Issue.record("\(command) cannot be run: \(error)")
            return CommandResult.nothing
        }
    }

    @discardableResult
    func script(_ text: String, limit: Duration = .seconds(60)) -> CommandResult {
        run(
            ["sh", "-c", "cd \"$0\" && " + text, path, ProcessRunner.product("mpiswarm")],
            limit: limit)
    }

    func isSame(_ one: String, _ other: String) -> Bool {
        let bytes = FileBytes.read(path: "\(path)/\(one)")
        return !bytes.isEmpty && bytes == FileBytes.read(path: "\(path)/\(other)")
    }

    /// The names of what can be had, as a peer is told.
    func names(_ peer: Int = 1) -> [String] {
        shell(peer, "list").lines.map { String($0.split(separator: "\t")[0]) }
    }
}
