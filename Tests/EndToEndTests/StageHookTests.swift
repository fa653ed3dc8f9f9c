import TestSupport
import Testing

/// `--then` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageHookTests {
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && echo 1 > t/x && echo 2 > t/y")
        return place
    }

    /// Once for each copy, when it has its name, and in the next run again.
    @Test func aCommandRunsAfterTheNames() throws {
        let place = try place()
        let command = "cat {dest}/x; echo {rank} >> {dest}.done; env | grep -c ^OMPI_COMM; true"
        let words = ["--then", command, "./t", "./o/a {rank}"]
        for round in 1...2 {
            let result = try place.stage(3, all: words)
            #expect(result.status == 0, "\(result.command.errors)")
            for rank in 0..<3 {
                let lines = result.lines.filter { $0.contains(", rank \(rank): ") }
                #expect(lines.map { $0.suffix(3) } == [": 1", ": 0"])
                let done = String(repeating: "\(rank)\n", count: round)
                #expect(try place.shell("cat 'o/a \(rank).done'") == done)
            }
        }
        #expect(try place.parts().isEmpty)
    }

    @Test(arguments: [
        ("echo so; exit 3", [], "--then ended with exit code 3: so"),
        (
            "sleep 100", ["--then-timeout", "100ms"],
            "--then was killed after 100ms, the limit of --then-timeout"
        ),
    ])
    func aCommandThatFailsIsTheFailureOfItsCopy(
        command: String, options: [String], words: String
    ) throws {
        let place = try place()
        let hook = "if [ {rank} = 1 ]; then \(command); fi"
        let result = try place.stage(
            3, all: options + ["--then", hook, "./t", "./o/{rank}"])
        #expect(result.status == 1)
        #expect(result.lines.last?.hasSuffix(", rank 1: " + words) == true, "\(result.lines)")
        let summary = try #require(result.summary)
        #expect(summary.ranks.map { $0.failure == nil } == [true, false, true])
        // Its files are whole all the same.
        try place.expectSame("t", "o/1")
        #expect(try place.parts().isEmpty)
    }

    /// The supervisor of rank 1 is killed, which nothing can be told any more.
    @Test func aKilledJobLeavesNoCommand() throws {
        let place = try place()
        // The parent of the command is its runner, and the supervisor is the parent of that.
        let command = """
            cd \(place.path) && echo $$ >> pids; if [ {rank} = 1 ]; then
            kill -9 $(ps -o ppid= -p $PPID); fi; exec sleep 1000
            """
        let result = try place.stage(2, "--then", command, "./t", "./o/{rank}")
        #expect(result.status != 0)
        #expect(result.command.orphans == 0)
        try place.shell("grep -q . pids && ! kill -0 $(cat pids) 2> /dev/null")
    }

    /// What follows a copy needs the copy.
    @Test func aDryRunRunsNoCommand() throws {
        let place = try place()
        let result = try place.stage(
            1, "--dry-run", "--then", "touch \(place.path)/ran", "./t", "./o")
        #expect(result.status == 0)
        #expect(try !place.exists("ran"))
    }
}
