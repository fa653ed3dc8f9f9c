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

    /// To be called when the peer has ended; `isReported` if a tracker knows its result. Returns
    /// the exit status of the rank. It is 1 without a report: if rank 0 was killed, a clean end of
    /// this rank would look like success.
    func end(isReported: Bool) throws(LaunchError) -> Int32 {
        heir.notes.put(.ended)
        try thread.join()
        let status = status.wait()
        return isReported ? status : 1
    }
}
