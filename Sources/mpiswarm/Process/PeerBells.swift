import Launch

/// The bells of the two threads of a peer, of which one at a time watches the sockets.
struct PeerBells: Sendable {
    let download = ThreadBell()
    let upload = ThreadBell()
    private let watch = WatchTurn()

    /// False while the other thread watches.
    func takeWatch() -> Bool { watch.take() }

    func giveWatch() { watch.giveBack() }
}
