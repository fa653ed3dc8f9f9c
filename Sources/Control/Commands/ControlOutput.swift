package import Swarm
package import Vocabulary

/// An action that the `ControlMachine` asks for.
package enum ControlOutput: Equatable, Sendable {
    case order(LiveOrder)
    /// For the code that shares files; answered by `shareDone`.
    case share(String, OrderTicket)
    case unshare(String, OrderTicket)
    /// The destination of a fetch, its name if the path has none, and the file whose digests it
    /// must have.
    case expect(OrderTicket, at: String?, named: RelativePath?, asIn: String? = nil)
    /// Read that description; answered by `described`.
    case describe(String, OrderTicket)
    /// Write a description of the file there; answered by `shareDone`.
    case export(String, to: String, OrderTicket)
    case say(String, to: ControlClient)
    /// The answer is complete: the client may send its next line.
    case ready(ControlClient)
    case hangUp(ControlClient)
}

/// The path of a fetched file, or the reason why it could not be written.
package enum Landing: Equatable, Sendable {
    case lies(at: String, name: RelativePath)
    case trouble(String)
    /// The file differs from its description and got no name.
    case differs(String)
    case nothing
}
