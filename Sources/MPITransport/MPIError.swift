internal import CMPI

/// The reason why a call of MPI failed.
package enum MPIError: Error {
    /// `MPI_THREAD_MULTIPLE` is not available: the two threads of a peer could not both call.
    case noThreads(provided: Int32)
    case failed(call: StaticString, code: Int32)

    /// The library's description of the code. It is empty if MPI is not running, because some
    /// implementations then end the process that asks for it.
    package var text: String {
        guard case .failed(_, let code) = self, Self.isRunning else { return "" }
        return unsafe textOfMPI(capacity: cmpi_max_error_string()) { text, count in
            unsafe MPI_Error_string(code, text, &count)
        }
    }

    private static var isRunning: Bool {
        var initialized: CInt = 0
        var finalized: CInt = 0
        guard unsafe MPI_Initialized(&initialized) == cmpi_success(),
            unsafe MPI_Finalized(&finalized) == cmpi_success()
        else { return false }
        return initialized != 0 && finalized == 0
    }
}
