import CPMIx
import Vocabulary

/// The runtime that started this process as one rank of a job, as far as the supervisor talks to
/// it.
struct Runtime {
    let rank: Rank
    /// mpirun announces the end of a job with SIGCONT, a second before SIGTERM. Slurm's own
    /// launcher sends SIGCONT also to resume a suspended job, so only Open MPI's counts as an
    /// announcement.
    let announcesEndByResume: Bool

    /// Nothing when the program was started by hand.
    init?() {
        guard let text = Environment.value(of: "PMIX_RANK"), let number = Int32(text), number >= 0
        else { return nil }
        rank = Rank(number)
        announcesEndByResume = Environment.value(of: "OMPI_COMM_WORLD_RANK") != nil
    }

    /// Makes the runtime count this rank as cleanly finished: it takes a process that exits without
    /// this, whatever its code, for a failure and ends the job. Returns whether it accepted.
    ///
    /// Waits for a runtime that is stopped: it goes on with the job when it is resumed. One that is
    /// gone is noticed by its socket, and whoever is tired of waiting may still send a signal.
    func bidFarewell() -> Bool {
        var process = pmix_proc_t()
        guard unsafe PMIx_Init(&process, nil, 0) == PMIX_SUCCESS else { return false }
        return PMIx_Finalize(nil, 0) == PMIX_SUCCESS
    }
}
