import CommandLine
import Testing

/// Which processes of srun cannot be ranks of one job.
@Suite struct SlurmTaskTests {
    private func task(_ variables: [String: String], usesPMIx: Bool = true) -> SlurmTask? {
        SlurmTask(usesPMIx: usesPMIx, lookup: { variables[$0] })
    }

    @Test func oneOfSeveralTasksWithoutPMIxIsRecognised() throws {
        let first = try #require(task(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0"]))
        #expect(!first.isRank && first.isFirst)
        #expect(
            first.refusal
                == "srun started 4 tasks that cannot reach each other: use 'srun --mpi=pmix'")
        let other = try #require(task(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "3"]))
        #expect(!other.isRank && !other.isFirst)
    }

    @Test func aTaskWithPMIxIsARank() throws {
        let variables = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0", "PMIX_RANK": "0"]
        #expect(try #require(task(variables)).isRank)
    }

    /// As of MPICH, which uses the older interfaces.
    @Test func aProgramWithoutPMIxNeedsAnotherInterface() throws {
        var variables = ["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "0"]
        let alone = try #require(task(variables, usesPMIx: false))
        #expect(!alone.isRank && alone.refusal.hasSuffix(": use 'srun --mpi=pmi2'"))
        variables["PMI_RANK"] = "0"
        #expect(try #require(task(variables, usesPMIx: false)).isRank)
        #expect(try !#require(task(variables)).isRank)
    }

    /// A batch script knows how many tasks its job may have, and is none of them.
    @Test(arguments: [
        [:], ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"], ["SLURM_STEP_NUM_TASKS": "1"],
        ["SLURM_STEP_NUM_TASKS": "many"],
    ])
    func aProcessThatIsAloneIsNoTask(variables: [String: String]) {
        #expect(task(variables) == nil)
    }
}
