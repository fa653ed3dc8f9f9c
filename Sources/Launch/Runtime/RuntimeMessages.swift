/// Whether users see the messages of the MPI library about a dead rank: up to eighty lines for the
/// one line of this program.
package enum RuntimeMessages {
    private static let variable = "MPISWARM_MPI_MESSAGES"

    /// Shows them, also in the worker that this process starts.
    package static func show() throws(LaunchError) {
        try Environment.set(variable, to: "1", overwriting: true)
    }

    package static var areShown: Bool {
        guard let value = Environment.value(of: variable) else { return false }
        return !["", "0"].contains(value)
    }
}
