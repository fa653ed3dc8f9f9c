/// A process that srun has started as one of several.
package struct SlurmTask: Equatable, Sendable {
    package let taskCount: Int
    package let isFirst: Bool
    /// Without it each task is an MPI job of its own, and Open MPI ends it in its own words.
    package let hasPMIx: Bool

    /// Nil where there is one task, or none. Slurm sets this variable in its tasks alone, and not
    /// in a batch script.
    package init?(lookup: (String) -> String?) {
        guard let text = lookup("SLURM_STEP_NUM_TASKS"), let count = Int(text), count > 1 else {
            return nil
        }
        taskCount = count
        isFirst = lookup("SLURM_PROCID") == "0"
        hasPMIx = lookup("PMIX_RANK") != nil
    }

    package var refusal: String {
        "srun started \(taskCount) tasks that cannot reach each other: use 'srun --mpi=pmix'"
    }
}
