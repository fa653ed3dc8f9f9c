import CPMIx
import Glibc
package import Vocabulary

/// Holds back the first message of a job until every rank has left `MPI_Init`.
///
/// `MPI_Init` should end with such a barrier itself, a fence of the launcher. But under Slurm 22.05
/// a fence holds back only the ranks of one node. A rank that still waits in `MPI_Init` for a late
/// rank of its node then gets messages of other nodes, has no handler for them yet, and crashes.
package struct StartBarrier {
    private let job: String
    private let rank: Rank
    private let rankCount: Int

    /// Nil if the fences of this job's launcher hold back all ranks.
    package init?(rank: Rank, of rankCount: Int) {
        guard Runtime.isUnderSrun, let job = Environment.value(of: "PMIX_NAMESPACE")
        else { return nil }
        self.job = job
        self.rank = rank
        self.rankCount = rankCount
    }

    /// Waits for the ranks below this one in a tree, and announces to the one above that all of
    /// them have left `MPI_Init`. When the call returns on the first rank, that rank may send to
    /// all others. Every other rank may send after it has received a message of the first rank.
    package func reach() {
        // If MPI contains a PMIx of its own, this library has no connection. The barrier makes
        // none, because its end would count as the end of the rank.
        guard PMIx_Initialized() != 0 else { return }
        var waited: UInt32 = 0
        for below in Self.ranksBelow(rank, of: rankCount) { wait(for: below, &waited) }
        _ = unsafe cpmix_announce(Self.name)
    }

    /// Waits for the announcement of a rank, but not for ever: the supervisor of a dead rank ends
    /// the job, and a launcher whose PMIx never shows the announcement must not stop the job, which
    /// then starts without a barrier.
    private func wait(for other: Rank, _ waited: inout UInt32) {
        var pause: UInt32 = 1000
        while waited < Self.patience,
            unsafe cpmix_look_for(Self.name, job, UInt32(other.raw)) == PMIX_ERR_NOT_FOUND
        {
            usleep(pause)
            waited += pause
            pause = min(pause * 2, Self.pauseMax)
        }
    }

    static func ranksBelow(_ rank: Rank, of rankCount: Int) -> [Rank] {
        let first = Int(rank.raw) * branches + 1
        return (first..<first + branches).filter { $0 < rankCount }.map { Rank(Int32($0)) }
    }

    private static let branches = 4
    private static let name = "mpiswarm.started"
    /// The longest pause, in microseconds.
    private static let pauseMax: UInt32 = 50_000
    private static let patience: UInt32 = 60_000_000
}
