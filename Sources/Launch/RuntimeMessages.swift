/// Whether users see what the MPI library prints about a dead rank: its own words for what our line
/// says, up to eighty lines of them.
package enum RuntimeMessages {
    private static let variable = "MPISWARM_MPI_MESSAGES"

    package static var areShown: Bool {
        guard let value = Environment.value(of: variable) else { return false }
        return !["", "0"].contains(value)
    }
}
