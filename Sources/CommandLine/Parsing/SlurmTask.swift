/// A process that srun has started as one of several.
package struct SlurmTask: Equatable, Sendable {
    package let taskCount: Int
    package let isFirst: Bool
    /// Without the interface that this program's MPI uses, each task is an MPI job of its own, and
    /// the MPI may end it in its own words.
    package let isRank: Bool
    private let interface: String

    /// Nil where there is one task, or none. Slurm sets this variable in its tasks alone, and not
    /// in a batch script.
    package init?(usesPMIx: Bool, lookup: (String) -> String?) {
        guard let text = lookup("SLURM_STEP_NUM_TASKS"), let count = Int(text), count > 1 else {
            return nil
        }
        taskCount = count
        isFirst = lookup("SLURM_PROCID") == "0"
        interface = usesPMIx ? "pmix" : "pmi2"
        isRank = lookup("PMIX_RANK") != nil || !usesPMIx && lookup("PMI_RANK") != nil
    }

    package var refusal: String {
        "srun started \(taskCount) tasks that cannot reach each other: "
            + "use 'srun --mpi=\(interface)'"
    }
}
