import TestSupport
import Testing

/// `mpiswarm sbcast`, as a rank and without one.
@Suite(.serialized, .waitsForProcesses) struct SbcastTests {
    private let place: StagePlace

    init() throws {
        place = try StagePlace()
        try place.shell("seq 9 > file && chmod 750 file")
    }

    /// Like sbcast it prints nothing.
    @Test func aRankStages() throws {
        let words = ["sbcast", "-fp", "-F4", "\(place.path)/file", "\(place.path)/o/{rank}"]
        let result = try ProcessRunner.mpirun(np: 2, arguments: words)
        #expect(result.status == 0 && result.output == "" && result.errors == "")
        for rank in 0..<2 { try place.expectSame("file", "o/\(rank)") }
    }

    /// Outside a step it becomes `srun`, here a stand-in that prints its words.
    @Test func inAnAllocationItStartsItsRanks() throws {
        try place.shell("printf '#!/bin/sh\\necho \"$@\"; exit 7\\n' > srun && chmod 755 srun")
        let program = ProcessRunner.product("mpiswarm")
        let command = ["sh", "-c", "PATH=$0:$PATH exec \"$@\"", place.path, program]
        let allocation = ["SLURM_JOB_ID=12", "SLURM_JOB_NUM_NODES=3"]
        let words = ["sbcast", "-j", "12", "a b", "/tmp/c"]
        let result = try ProcessRunner.run(
            command + words, environment: allocation, limit: .seconds(10))
        #expect(result.status == 7)
        #expect(result.output.hasPrefix("--mpi=pmi") && result.output.contains(" --nodes=3 "))
        #expect(result.output.hasSuffix("/mpiswarm sbcast -j 12 a b /tmp/c\n"))
        let other = try ProcessRunner.run(
            command + ["sbcast", "-j13", "a", "b"], environment: allocation, limit: .seconds(10))
        #expect(other.status == 2)
        #expect(other.errors == "mpiswarm: sbcast: --jobid=13: this is job 12\n")
        let shell = ["SLURM_STEP_NUM_TASKS=1", "SLURM_STEP_NUM_NODES=1", "PMIX_RANK=0"]
        try place.shell("printf '#!/bin/sh\nexec env\n' > srun")
        let inStep = try ProcessRunner.run(
            command + words, environment: allocation + shell, limit: .seconds(10))
        #expect(inStep.status == 0 && inStep.output.contains("SLURM_JOB_NUM_NODES=3\n"))
        #expect(!inStep.output.contains("SLURM_STEP_") && !inStep.output.contains("PMIX_RANK"))
        let without = try ProcessRunner.run(
            ["env", "PATH=/nowhere", program] + words, environment: allocation,
            limit: .seconds(10))
        #expect(without.status == 2)
        #expect(
            without.errors
                == "mpiswarm: sbcast: there is no srun in PATH, which starts a rank on each node\n")
        let alone = try ProcessRunner.run([program, "sbcast", "a", "b"], limit: .seconds(10))
        #expect(alone.status == 2 && alone.output == "")
        #expect(
            alone.errors == "mpiswarm: sbcast: there is no job: start it in an allocation of "
                + "Slurm, or with srun or mpirun\n")
    }
}
