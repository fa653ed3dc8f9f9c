/// The command with which a process in an allocation starts itself again, once on each node.
package struct SlurmStep: Equatable, Sendable {
    /// Nil outside an allocation.
    package let job: String?
    /// Begins with `srun`; nil if the process cannot start a step: it is one of its ranks already,
    /// or in no allocation.
    package let words: [String]?
    /// Whether this process is the only task of a step that the user's shell or script runs in,
    /// and no rank, although the variables of a rank may be set.
    package let isInShell: Bool

    /// The step of a shell that salloc starts on the first node of the allocation.
    private static let interactiveStep = "4294967290"

    package init(
        of program: String, _ arguments: [String], usesPMIx: Bool, lookup: (String) -> String?
    ) {
        job = lookup("SLURM_JOB_ID") ?? lookup("SLURM_JOBID")
        let count = (lookup("SLURM_JOB_NUM_NODES") ?? lookup("SLURM_NNODES")).flatMap { Int($0) }
        // Slurm sets this variable in the tasks of a step alone, and not in a batch script.
        let isInStep = lookup("SLURM_STEP_NUM_TASKS") != nil
        isInShell = isInStep && Self.isShell(in: count, lookup)
        guard job != nil, !isInStep || isInShell, let count, count > 0 else {
            words = nil
            return
        }
        // The node number and the tasks are those of this step, whatever the script has asked for;
        // the step shares the processors and the memory of others.
        words =
            [
                "srun", "--mpi=\(usesPMIx ? "pmix" : "pmi2")", "--nodes=\(count)",
                "--ntasks=\(count)", "--ntasks-per-node=1", "--overlap", "--mem=0",
                "--kill-on-bad-exit=0", "--", program,
            ] + arguments
    }

    /// One task on some of the nodes is never the whole of a copy to all of them. The step that
    /// this process starts has more tasks, or is not interactive, so that it starts no further one.
    private static func isShell(in nodeCount: Int?, _ lookup: (String) -> String?) -> Bool {
        guard lookup("SLURM_STEP_NUM_TASKS") == "1" else { return false }
        // Launchers start their own processes on other nodes with srun, one by one.
        guard lookup("OMPI_COMM_WORLD_RANK") == nil, (lookup("PMI_SIZE") ?? "1") == "1" else {
            return false
        }
        if lookup("SLURM_STEP_ID") == interactiveStep { return true }
        guard let text = lookup("SLURM_STEP_NUM_NODES"), let own = Int(text), let nodeCount
        else { return false }
        return own < nodeCount
    }

    /// Whether the variable describes the task that this process is. srun passes its variables on
    /// and takes some for options of the new step.
    package static func describesTask(_ variable: String) -> Bool {
        guard !variable.hasPrefix("PMIX_MCA_") else { return false }
        return ["SLURM_STEP_", "SLURM_CPU_BIND", "SLURM_MEM_BIND", "PMIX_", "PMI_"].contains {
            variable.hasPrefix($0)
        } || taskVariables.contains(variable)
    }

    private static let taskVariables: Set = [
        "SLURM_DISTRIBUTION", "SLURM_GTIDS", "SLURM_HOSTFILE", "SLURM_LAUNCH_NODE_IPADDR",
        "SLURM_LOCALID", "SLURM_NNODES", "SLURM_NODEID", "SLURM_NPROCS", "SLURM_NTASKS",
        "SLURM_NTASKS_PER_NODE", "SLURM_PROCID", "SLURM_SRUN_COMM_HOST", "SLURM_SRUN_COMM_PORT",
        "SLURM_STEPID", "SLURM_TASKS_PER_NODE", "SLURM_TASK_PID",
    ]
}
