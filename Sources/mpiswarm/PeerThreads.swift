import Launch
import MPITransport
import Node
import Storage
import Vocabulary

/// Steps an upload thread's node until the job is over.
func serve<Shelf: PieceReader & ~Copyable>(
    _ node: consuming UploadNode<MPIEndpoint, Shelf>, by clock: ProcessClock
) where Shelf.Payload == PieceBuffer {
    var node = node
    var backoff = Backoff()
    while !node.isOver {
        if node.step(now: clock.now) { backoff.reset() }
        let longest = node.isBusy ? expectantRest : idleRest
        if let wait = backoff.next(atMost: longest) { rest(wait) }
    }
    var left = node.leave()
    close(&left, by: clock)
}

/// Steps a download thread's node until the job is over.
func fetch<Disk: Store & ~Copyable>(
    _ node: consuming DownloadNode<MPIEndpoint, Disk>, by clock: ProcessClock
) where Disk.Payload == PieceBuffer {
    var node = node
    var backoff = Backoff()
    while !node.isOver {
        if node.step(now: clock.now) { backoff.reset() }
        let longest = node.isExpecting ? expectantRest : idleRest
        if let wait = backoff.next(atMost: longest) { rest(wait) }
    }
    var left = node.leave()
    close(&left, by: clock)
}
