import CPMIx
import Vocabulary

/// The runtime that started this process as one rank of a job, as far as the supervisor needs it.
struct Runtime {
    let rank: Rank
    /// mpirun announces the end of a job with SIGCONT, a second before SIGTERM. Slurm's own
    /// launcher sends SIGCONT also to resume a suspended job, so only Open MPI's counts as an
    /// announcement.
    let announcesEndByResume: Bool

    /// Nil if the program was started by hand, or was built without PMIx.
    init?() {
        guard RuntimeLibrary.builtFor != nil, let text = Environment.value(of: "PMIX_RANK"),
            let number = Int32(text), number >= 0
        else { return nil }
        rank = Rank(number)
        announcesEndByResume = Self.isUnderMpirun
    }

    /// Whether Open MPI's own launcher started this process, also where it uses Slurm to reach the
    /// nodes.
    static var isUnderMpirun: Bool { Environment.value(of: "OMPI_COMM_WORLD_RANK") != nil }

    /// Whether a step of Slurm started this process. A killed rank then need not end the others.
    static var isUnderSrun: Bool {
        !isUnderMpirun && Environment.value(of: "SLURM_STEP_ID") != nil
    }

    /// The rank of this process if MPICH's launcher started it. That launcher ends the job when a
    /// rank is killed, and no rank can prevent it.
    static var rankWithoutPMIx: Rank? {
        let isPMIx = Environment.value(of: "PMIX_RANK") != nil
        guard !isPMIx || RuntimeLibrary.builtFor == nil,
            let text = Environment.value(of: isPMIx ? "PMIX_RANK" : "PMI_RANK"),
            let number = Int32(text), number >= 0
        else { return nil }
        return Rank(number)
    }

    /// Makes the runtime count this rank as cleanly finished: without this call it takes the exit
    /// of a process, whatever its code, for a failure and ends the job. Returns whether the runtime
    /// accepted.
    ///
    /// The call waits for a runtime that is stopped, which continues with the job when it is
    /// resumed. If the runtime ends, its socket shows that; a user who does not want to wait may
    /// send another signal.
    func bidFarewell() -> Bool {
        var process = pmix_proc_t()
        guard unsafe PMIx_Init(&process, nil, 0) == PMIX_SUCCESS else { return false }
        return PMIx_Finalize(nil, 0) == PMIX_SUCCESS
    }

    /// Ends the job. The other ranks are waiting in `MPI_Init` for this one: mpirun ends them when
    /// this process returns a code, and srun would let them wait without end.
    func endJob(code: Int32) {
        var process = pmix_proc_t()
        guard !announcesEndByResume, unsafe PMIx_Init(&process, nil, 0) == PMIX_SUCCESS else {
            return
        }
        _ = unsafe PMIx_Abort(code, "a rank died before MPI had started", nil, 0)
    }
}
