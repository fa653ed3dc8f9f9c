import Launch
import MPITransport
import Node
import Storage
import Swarm
import Vocabulary

/// Runs both threads of a peer of `run` to their end, and the thread that may have to track.
func exchange(
    _ upload: consuming sending UploadNode<MPIEndpoint, ShelfReader>,
    _ download: consuming DownloadNode<MPIEndpoint, LabelStore>, _ heir: Heir,
    by clock: ProcessClock
) throws(LaunchError) -> Int32 {
    let attending = try HeirThread(heir)
    let uploading = try NamedThread(name: "upload", upload) { mpiswarm.upload($0, by: clock) }
    let isReported = mpiswarm.download(download, by: clock)
    try uploading.join()
    return try attending.end(isReported: isReported)
}

/// Runs an upload thread from its first step until its end of the network is closed.
func upload<Shelf: PieceReader & ~Copyable>(
    _ node: consuming UploadNode<MPIEndpoint, Shelf>, by clock: ProcessClock,
    idling longest: Duration = idleRest
) where Shelf.Payload == PieceBuffer {
    var node = node
    work(&node, by: clock, idling: longest)
    var left = node.leave()
    close(&left, by: clock)
}

/// The same for a download thread. Returns false if it ended only because the tracker is silent.
@discardableResult
func download<Disk: Store & ~Copyable>(
    _ node: consuming DownloadNode<MPIEndpoint, Disk>, by clock: ProcessClock,
    idling longest: Duration = idleRest
) -> Bool where Disk.Payload == PieceBuffer {
    var node = node
    work(&node, by: clock, idling: longest)
    let isReported = !node.machine.isAbandoned
    var left = node.leave()
    close(&left, by: clock)
    return isReported
}

func work(
    _ node: inout some SteppedNode & ~Copyable, by clock: ProcessClock,
    idling idle: Duration = idleRest
) {
    var backoff = Backoff()
    while !node.isOver {
        if node.step(now: clock.now) { backoff.reset() }
        let longest = node.isExpecting ? expectantRest : idle
        if let wait = backoff.next(atMost: longest) { rest(wait) }
    }
}
