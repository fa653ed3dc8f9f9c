/// An error between mpirun and the first message.
package enum LaunchError: Error, Equatable {
    /// A call of the C library returned an error.
    case call(String, errno: Int32)
    /// The ticket of the worker is not one that a supervisor writes.
    case badTicket(String)
    /// The supervisor died before its worker could ask to die with it.
    case supervisorGone
}
