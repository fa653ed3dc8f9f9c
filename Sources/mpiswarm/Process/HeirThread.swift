import Launch
import Node

/// An heir at work beside the peer of its rank.
struct HeirThread {
    private let heir: Heir
    private let thread: NamedThread
    private let status = Promised<Int32>()

    init(_ heir: Heir) throws(LaunchError) {
        self.heir = heir
        thread = try NamedThread(name: "heir", heir) { [status] in status.keep($0.attend()) }
    }

    /// The peer has ended, and `isReported` if a tracker knows its result. Returns the exit status
    /// of the rank. The result is that of rank 0, unless it was killed: then a clean end of this
    /// rank would look like success.
    func end(isReported: Bool) throws(LaunchError) -> Int32 {
        heir.notes.put(.ended)
        try thread.join()
        let status = status.wait()
        return isReported ? status : 1
    }
}
