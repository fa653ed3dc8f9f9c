import Glibc
import TestSupport
import Testing

@testable import Launch

/// The supervisor under the real mpirun; `LaunchProbe` does the deeds.
@Suite(.serialized) struct SupervisorTests {
    private static let ranks = 4

    private func launch(
        _ deed: String, rank: Int, environment: [String] = []
    ) throws -> CommandResult {
        let result = try ProcessRunner.mpirun(
            np: Self.ranks, product: "LaunchProbe", arguments: [deed, "\(rank)"],
            environment: environment)
        #expect(!result.ranOut, "\(result.unfinished)")
        #expect(result.orphans == 0)
        return result
    }

    private func done(but rank: Int? = nil) -> Set<String> {
        Set((0..<Self.ranks).filter { $0 != rank }.map { "rank \($0) done" })
    }

    @Test func aQuietJobEndsWithZero() throws {
        let result = try launch("rest", rank: 0)
        #expect(result.status == 0)
        #expect(Set(result.lines) == done())
        #expect(result.errors == "")
    }

    @Test(arguments: 0..<ranks)
    func theOthersSurviveAKilledRank(rank: Int) throws {
        let result = try launch("kill", rank: rank)
        #expect(result.status == 0)
        #expect(Set(result.lines) == done(but: rank))
        #expect(
            result.errors.contains("mpiswarm: rank \(rank) was killed by signal 9 (SIGKILL)\n"))
    }

    /// The others would end with 0 and say nothing.
    @Test(arguments: [("killOwing", 1), ("killReported", 7)])
    func aDeathDoesNotHideTheResultOfTheJob(deed: String, code: Int32) throws {
        let result = try launch(deed, rank: 0)
        #expect(result.status == code)
        #expect(result.errors.contains("mpiswarm: rank 0 was killed by signal 9 (SIGKILL)\n"))
    }

    @Test func theOthersSurviveATrap() throws {
        let result = try launch("trap", rank: 2)
        #expect(result.status == 0)
        #expect(Set(result.lines) == done(but: 2))
        #expect(result.errors.contains("mpiswarm: rank 2 was killed by signal "))
        #expect(result.errors.contains("Fatal error: as asked"))
    }

    @Test func openMPIsLinesAboutTheDeadAreLeftOut() throws {
        let result = try launch("mutter", rank: 2)
        #expect(result.status == 0)
        #expect(
            result.errors
                == "ours\n[1] ours too\nno endmpiswarm: rank 2 was killed by signal 9 (SIGKILL)\n")
    }

    @Test func openMPIsLinesAboutTheDeadCanBeShown() throws {
        let result = try launch("mutter", rank: 2, environment: ["MPISWARM_MPI_MESSAGES=1"])
        #expect(result.errors.contains("btl_tcp_frag.c:135:send] writev failed\nours\n"))
        #expect(result.errors.contains("PMIX ERROR: BAD-PARAM\n"))
    }

    @Test func aDeathAfterTheLastMessageHurtsNoOtherRank() throws {
        let result = try launch("killLate", rank: 1)
        #expect(result.status == 0)
        #expect(Set(result.lines) == done())
    }

    /// Connections that failed can leave a rank in the end of the MPI library for ever.
    @Test(arguments: [("hangAtEnd", 0), ("hangAtEndWith7", 7)])
    func aRankThatHangsInTheLibraryStillEnds(deed: String, code: Int32) throws {
        let result = try launch(deed, rank: 2)
        #expect(result.status == code)
        if code == 0 { #expect(Set(result.lines) == done(but: 2)) }
    }

    @Test func aDeathBeforeTheStartEndsTheJob() throws {
        let result = try launch("killEarly", rank: 1)
        #expect(result.status == 137)
        #expect(result.lines == [])
    }

    @Test func anExitCodePassesThrough() throws {
        #expect(try launch("exit7", rank: 3).status == 7)
    }

    @Test func anAbortEndsTheJobWithItsCode() throws {
        #expect(try launch("abort", rank: 1).status == 3)
    }

    @Test func aKilledSupervisorLeavesNothingBehind() throws {
        #expect(try launch("killSupervisor", rank: 2).status == 137)
    }

    @Test func aSignalToOneSupervisorReachesItsWorkerOnce() throws {
        let result = try launch("endSupervisor", rank: 2)
        #expect(result.status == 143)
        #expect(result.lines.filter { $0 == "rank 2 got SIGTERM" }.count == 1)
        #expect(!result.errors.contains("was killed by signal"))
    }

    /// srun drops the output of a step one of whose processes died of SIGTERM.
    @Test func aSignalToASupervisorWhoseWorkerHasEndedEndsItByACode() throws {
        let result = try launch("endSupervisorLate", rank: 2)
        #expect(result.status == 143)
        #expect(done().isSubset(of: result.lines), "\(result.lines)")
        #expect(!result.errors.contains("exited on signal"), "\(result.errors)")
    }

    @Test func anInterruptedJobReachesEveryRank() throws {
        let result = try launch("interruptJob", rank: 1)
        #expect(result.status == 1)
        #expect(Set(result.lines) == Set((0..<Self.ranks).map { "rank \($0) got SIGTERM" }))
    }

    @Test func aResumedRankGoesOn() throws {
        let result = try launch("pause", rank: 2)
        #expect(result.status == 0)
        #expect(Set(result.lines) == done())
    }

    /// The farewell waits as long as mpirun stands still, and not a moment longer.
    @Test func aFarewellToALauncherThatGoesEnds() throws {
        #expect(try launch("loseLauncher", rank: 1).status == 137)
    }

    /// With recovery the others would go on for ten seconds. An mpirun that ends need not print the
    /// last words of all of them.
    @Test func aRecoveringLauncherIsEndedWhenARankAsks() throws {
        let result = try launch(
            "endLauncher", rank: 0, environment: ["OMPI_MCA_orte_enable_recovery=1"])
        #expect(result.status == 1)
        let words = Set((1..<Self.ranks).map { "rank \($0) got SIGTERM" })
        #expect(words.isSuperset(of: result.lines), "\(result.lines)")
    }

    /// mpirun may wait for itself after the death of a rank that was connecting to it; here a shell
    /// of that name waits for nothing. Its rank cannot be initialised by it.
    @Test func aLauncherThatDoesNotReturnIsEnded() throws {
        let script = """
            cd "$(mktemp -d)" && cp /bin/bash mpirun && mkfifo pipe || exit 1
            ./mpirun -c '"$0" killByHand 0 & wait $!; read <pipe' "$0"
            code=$?
            rm -r "$PWD"
            exit $code
            """
        let result = try ProcessRunner.run(
            ["sh", "-c", script, ProcessRunner.product("LaunchProbe")],
            environment: ["OMPI_COMM_WORLD_RANK=0", "PMIX_RANK=0"], limit: .seconds(30))
        #expect(!result.ranOut)
        #expect(result.orphans == 0)
        #expect(result.status == 143)
        #expect(
            result.errors.contains(
                "mpiswarm: the job has ended, and mpirun does not end: it is killed\n"))
    }

    /// Slurm's PMIx may not answer; here nothing reads what connects to the socket.
    @Test func aStepWhosePMIxDoesNotAnswerIsCancelled() throws {
        let (server, port) = try WatchSocket.listening()
        defer { close(server) }
        let script = """
            cd "$(mktemp -d)" || exit 1
            printf '#!/bin/sh\\necho "$@" >said; kill -KILL "$SUPERVISOR"\\n' >scancel
            chmod 755 scancel
            PATH=$PWD:$PATH sh -c 'export SUPERVISOR=$$; exec "$0" killByHand 0' "$0"
            cat said
            rm -r "$PWD"
            """
        let uri = "slurm.0;tcp4://127.0.0.1:\(port)"
        let result = try ProcessRunner.run(
            ["sh", "-c", script, ProcessRunner.product("LaunchProbe")],
            environment: [
                "SLURM_JOB_ID=12", "SLURM_STEP_ID=3", "PMIX_RANK=0", "PMIX_NAMESPACE=slurm.12.3",
                "PMIX_SERVER_URI41=\(uri)", "PMIX_SERVER_URI4=\(uri)", "PMIX_SERVER_URI3=\(uri)",
                "PMIX_SECURITY_MODE=none",
            ], limit: .seconds(20))
        #expect(!result.ranOut)
        #expect(result.output == "12.3\n", "\(result.errors)")
    }

    @Test func startedByHandTheArgumentsPassThrough() throws {
        let arguments = ["echo", "0", "--worker", "", "two words", "ä"]
        let result = try ProcessRunner.run(
            [ProcessRunner.product("LaunchProbe")] + arguments, limit: .seconds(10))
        #expect(result.status == 5)
        #expect(result.output == arguments.map { "\($0)\n" }.joined())
    }

    @Test func startedByHandADeathIsReportedAsAShellWould() throws {
        let result = try ProcessRunner.run(
            [ProcessRunner.product("LaunchProbe"), "killByHand", "0"], limit: .seconds(10))
        #expect(result.status == 137)
    }
}
