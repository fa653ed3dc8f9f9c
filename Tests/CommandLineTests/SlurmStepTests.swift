import CommandLine
import Testing

/// Whether a process may start a step of srun, and with which words.
@Suite struct SlurmStepTests {
    private func step(_ variables: [String: String], usesPMIx: Bool = true) -> SlurmStep {
        SlurmStep(of: "/opt/m", ["sbcast", "a", "b"], usesPMIx: usesPMIx) { variables[$0] }
    }

    @Test func aBatchScriptStartsOneRankOnEachNode() {
        let variables = ["SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "3", "SLURM_NTASKS": "40"]
        let step = step(variables)
        #expect(step.job == "7")
        #expect(
            step.words == [
                "srun", "--mpi=pmix", "--nodes=3", "--ntasks=3", "--ntasks-per-node=1",
                "--overlap", "--mem=0", "--kill-on-bad-exit=0", "--", "/opt/m", "sbcast", "a", "b",
            ])
        #expect(self.step(variables, usesPMIx: false).words?[1] == "--mpi=pmi2")
    }

    /// A task of a step would start a step within it, which may wait for itself.
    @Test(arguments: [
        [:], ["SLURM_JOB_ID": "7"], ["SLURM_JOB_NUM_NODES": "3"],
        ["SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "many"],
        ["SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "3", "SLURM_STEP_NUM_TASKS": "1"],
    ])
    func elsewhereNoStepIsStarted(variables: [String: String]) {
        #expect(step(variables).words == nil)
    }

    private static let shell = [
        "SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "3", "SLURM_STEP_NUM_TASKS": "1",
        "SLURM_STEP_NUM_NODES": "1", "SLURM_STEP_ID": "0", "SLURM_NNODES": "1",
    ]

    /// One task on some of the nodes: a shell that srun has started, with or without an interface
    /// of MPI, or that salloc has started, even on an allocation of one node.
    @Test(arguments: [
        [:], ["PMIX_RANK": "0"], ["PMI_RANK": "0", "PMI_SIZE": "1"],
        ["SLURM_STEP_ID": "4294967290"],
        ["SLURM_STEP_ID": "4294967290", "SLURM_JOB_NUM_NODES": "1"],
    ])
    func aShellInAStepStartsARankOnEachNode(variables: [String: String]) {
        let variables = Self.shell.merging(variables) { $1 }
        let step = step(variables)
        #expect(step.isInShell)
        #expect(step.words?[2] == "--nodes=\(variables["SLURM_JOB_NUM_NODES"] ?? "")")
    }

    /// The step that it starts, a task on all nodes, and the ranks of launchers that start their
    /// processes on other nodes with srun.
    @Test(arguments: [
        ["SLURM_STEP_NUM_TASKS": "3", "SLURM_STEP_NUM_NODES": "3"],
        ["SLURM_STEP_NUM_TASKS": "2"], ["SLURM_JOB_NUM_NODES": "1"],
        ["OMPI_COMM_WORLD_RANK": "1"], ["PMI_RANK": "1", "PMI_SIZE": "3"],
        ["SLURM_STEP_NUM_NODES": "many"],
    ])
    func otherTasksAreRanks(variables: [String: String]) {
        let step = step(Self.shell.merging(variables) { $1 })
        #expect(!step.isInShell && step.words == nil)
    }

    @Test func aBatchScriptIsNoTask() {
        #expect(!step(["SLURM_JOB_ID": "7", "SLURM_JOB_NUM_NODES": "3"]).isInShell)
    }

    /// srun would take them for options, and the new ranks for their own.
    @Test(arguments: [
        ("SLURM_STEP_NUM_TASKS", true), ("SLURM_NNODES", true), ("SLURM_NTASKS", true),
        ("SLURM_CPU_BIND_LIST", true), ("PMIX_RANK", true), ("PMI_SIZE", true),
        ("SLURM_JOB_ID", false), ("SLURM_JOB_NUM_NODES", false), ("SLURM_CONF", false),
        ("PMIX_MCA_gds", false), ("SLURM_MEM_PER_CPU", false), ("PATH", false),
    ])
    func theVariablesOfATaskAreNotPassedOn(variable: String, describesTask: Bool) {
        #expect(SlurmStep.describesTask(variable) == describesTask)
    }
}
