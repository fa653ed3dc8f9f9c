/// Why a rank cannot listen to users, or cannot be reached.
package enum ControlError: Error, Equatable, Sendable {
    case system(call: String, path: String, errno: Int32)
    /// Others could enter the folder of the sockets.
    case unsafeFolder(String)
    case pathTooLong(String)
    /// Somebody listens there already.
    case taken(String)
    /// It hung up before it had answered.
    case hungUp
}
