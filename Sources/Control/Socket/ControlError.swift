/// The reason why a rank cannot listen to users, or cannot be reached.
package enum ControlError: Error, Equatable, Sendable {
    case system(call: String, path: String, errno: Int32)
    /// Another user could enter the folder of the sockets.
    case unsafeFolder(String)
    case pathTooLong(String)
    /// A process listens there already.
    case taken(String)
    /// The other end closed the connection before it had answered.
    case hungUp
}
