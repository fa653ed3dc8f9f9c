import TestSupport
import Testing

/// What every end-to-end test stands on.
@Suite struct ProcessRunnerTests {
    @Test func statusAndBothOutputsAreCaught() throws {
        let result = try ProcessRunner.run(
            ["sh", "-c", "echo out $NAME; echo err >&2; exit 9"],
            environment: ["NAME=value"], limit: .seconds(10))
        #expect(result.status == 9)
        #expect(result.output == "out value\n")
        #expect(result.errors == "err\n")
        #expect(!result.ranOut && result.orphans == 0)
    }

    @Test func aLimitKillsWhateverWasStarted() throws {
        let result = try ProcessRunner.run(
            ["sh", "-c", "setsid sleep 60 & echo begun; sleep 60"], limit: .milliseconds(200))
        #expect(result.ranOut)
        #expect(result.unfinished.count { $0.contains(" (sleep) S ") } == 2)
        #expect(result.status == 137)
        #expect(result.output == "begun\n")
        #expect(result.orphans == 0)
    }

    @Test func orphansAreCountedAndKilled() throws {
        let result = try ProcessRunner.run(
            ["sh", "-c", "setsid sleep 60 & exit 0"], limit: .seconds(10))
        #expect(!result.ranOut)
        #expect(result.orphans == 1)
    }

    /// The environment of a process that changes its program looks empty meanwhile.
    @Test func anOrphanThatChangesItsProgramAllTheTimeIsCounted() throws {
        let script = """
            if [ $1 -gt 0 ]; then exec sh -c "$0" "$0" $(($1 - 1)); fi
            exec sleep 60
            """
        let result = try ProcessRunner.run(
            ["sh", "-c", "setsid sh -c \"$0\" \"$0\" 10000 & exit 0", script],
            limit: .seconds(10))
        #expect(!result.ranOut)
        #expect(result.orphans == 1)
    }
}
