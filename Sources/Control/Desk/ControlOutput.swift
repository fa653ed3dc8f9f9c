package import Swarm
package import Vocabulary

/// What a control desk wants done.
package enum ControlOutput: Equatable, Sendable {
    case order(LiveOrder)
    /// For whoever looks after the shared files; answered by `shareDone`.
    case share(String, OrderTicket)
    case unshare(String, OrderTicket)
    /// Where it is to go, its name where the path does not say it, and the file whose digests it
    /// has to have.
    case expect(OrderTicket, at: String?, named: RelativePath?, asIn: String? = nil)
    /// What does that file describe? Answered by `described`.
    case describe(String, OrderTicket)
    /// Write what describes the file there; answered by `shareDone`.
    case export(String, to: String, OrderTicket)
    case say(String, to: ControlClient)
    /// The answer is whole: the next line may come.
    case ready(ControlClient)
    case hangUp(ControlClient)
}

/// Where a file that was fetched lies, or why it could not be written.
package enum Landing: Equatable, Sendable {
    case lies(at: String, name: RelativePath)
    case trouble(String)
    /// It is not what it should be, and got no name.
    case differs(String)
    case nothing
}
