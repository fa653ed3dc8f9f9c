import Launch

/// The bells of the two threads of a peer. One thread at a time watches the sockets.
struct PeerBells: Sendable {
    let download = ThreadBell()
    let upload = ThreadBell()
    private let watch = WatchTurn()

    /// Takes the turn to watch the sockets. Returns false while the other thread has it.
    func takeWatch() -> Bool { watch.take() }

    func giveWatch() { watch.giveBack() }
}
