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

    /// Ends the heir when the peer has ended, and returns the exit status of the rank. `isReported`
    /// says whether a tracker knows the peer's result; if none does, the status is 1, because rank
    /// 0 may have been killed, and a clean end of this rank would look like success.
    func end(isReported: Bool) throws(LaunchError) -> Int32 {
        heir.notes.put(.ended)
        try thread.join()
        let status = status.wait()
        return isReported ? status : 1
    }
}
