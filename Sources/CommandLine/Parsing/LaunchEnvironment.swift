package import Vocabulary

/// The launcher's environment variables, read before MPI is started.
///
/// Every rank reads the same command line and comes to the same outcome. Only rank 0 may print it;
/// and since mpirun ends the whole job at the first non-zero status, any other rank that returned
/// one could end rank 0 before it has printed.
package struct LaunchEnvironment: Sendable {
    /// Nothing for a program that was started by hand.
    package let rank: Rank?

    /// Open MPI's mpirun sets the first two, a PMIx launcher such as srun the second, and
    /// launchers of the MPICH family the third.
    private static let rankVariables = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"]

    /// A variable that holds no rank is skipped.
    package init(lookup: (String) -> String?) {
        for name in LaunchEnvironment.rankVariables {
            if let text = lookup(name), let number = Int32(text), number >= 0 {
                rank = Rank(number)
                return
            }
        }
        rank = nil
    }

    package var speaksForTheJob: Bool { rank == nil || rank == .first }
}
