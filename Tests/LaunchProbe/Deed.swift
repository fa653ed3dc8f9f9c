/// The behaviour of the chosen rank.
enum Deed: String {
    /// Works and ends like the other ranks.
    case rest
    /// Returns 7 from `main`.
    case exit7
    /// SIGKILL to itself: before `MPI_Init`, after it, after `MPI_Finalize`.
    case killEarly, kill, killLate
    /// SIGKILL to itself, whatever its rank, before `MPI_Init`.
    case killByHand
    /// SIGKILL to itself when only this rank can report the result of the job, and when it has
    /// reported one with code 7.
    case killOwing, killReported
    /// Hangs in `MPI_Finalize`, which may take a moment only; its code is 0 or 7.
    case hangAtEnd, hangAtEndWith7
    /// One of our own bugs.
    case trap
    /// `MPI_Abort` with code 3.
    case abort
    /// SIGKILL to its supervisor, while the other ranks work on.
    case killSupervisor
    /// SIGTERM to its supervisor, while the other ranks work on.
    case endSupervisor
    /// SIGTERM to its supervisor, after its own end.
    case endSupervisorLate
    /// SIGINT to mpirun, as Ctrl-C sends it, while all ranks work on.
    case interruptJob
    /// SIGSTOP to itself, and SIGCONT from the next rank, which is no reason to end.
    case pause
    /// SIGSTOP to mpirun and SIGKILL to itself; the next rank kills mpirun while the supervisor
    /// bids it farewell.
    case loseLauncher
    /// Prints to standard error lines of its own and lines like those of Open MPI, the last one
    /// without an end, and dies.
    case mutter
    /// Asks for the launcher's end, while the other ranks work on, and ends.
    case endLauncher
    /// Prints its arguments and returns 5, without MPI.
    case echo
}
