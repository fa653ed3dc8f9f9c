import Launch
import MPITransport
import Node
import Storage
import Swarm
import Vocabulary

/// The threads that work for the disks of a peer of `run` or `serve`: one writes while another
/// copies, or reads what an earlier job left.
let peerDiskThreads = 2

/// Runs the threads of a peer of `run` to their end, one of which may have to track. Then nothing
/// that is incomplete is left, but for what the next run continues.
func exchange(
    _ upload: consuming sending UploadNode<MPIEndpoint, ContentsReader>,
    _ download: consuming DownloadNode<MPIEndpoint, LabelStore>, _ heir: Heir,
    _ contents: PeerContents, _ bells: PeerBells, by clock: ProcessClock
) throws(LaunchError) -> Int32 {
    let disks = try DiskThreads(peerDiskThreads, of: contents.crew)
    let attending = try HeirThread(heir)
    let uploading = try NamedThread(name: "upload", upload) {
        mpiswarm.upload($0, bells, by: clock)
    }
    let isReported = mpiswarm.download(download, bells, by: clock)
    try uploading.join()
    try disks.end()
    contents.files.abandon()
    return try attending.end(isReported: isReported)
}

/// Runs an upload thread from its first step until its end of the network is closed.
func upload<Reader: PieceReader & ~Copyable>(
    _ node: consuming UploadNode<MPIEndpoint, Reader>, _ bells: PeerBells,
    by clock: ProcessClock, idling longest: Duration = idleRest
) where Reader.Payload == PieceBuffer {
    var node = node
    let resting = ThreadWaiting(bells, own: bells.upload, other: bells.download, by: clock)
    work(&node, by: clock, resting: resting, idling: longest)
    var left = node.leave()
    close(&left, by: clock)
}

/// Runs a download thread in the same way. Returns false if it ended only because the tracker is
/// silent.
@discardableResult
func download<Disk: Store & ~Copyable>(
    _ node: consuming DownloadNode<MPIEndpoint, Disk>, _ bells: PeerBells,
    by clock: ProcessClock, idling longest: Duration = idleRest
) -> Bool where Disk.Payload == PieceBuffer {
    var node = node
    let resting = ThreadWaiting(bells, own: bells.download, other: bells.upload, by: clock)
    work(&node, by: clock, resting: resting, idling: longest)
    let isReported = !node.machine.isAbandoned
    var left = node.leave()
    close(&left, by: clock)
    return isReported
}

func work(
    _ node: inout some SteppedNode & ~Copyable, by clock: ProcessClock,
    resting: consuming ThreadWaiting, idling idle: Duration = idleRest
) {
    var resting = resting
    while !node.isOver {
        let wasBusy = node.step(now: clock.now)
        let longest = node.isExpecting ? expectantRest : idle
        if resting.stepEnded(wasBusy: wasBusy, longest: longest) { node.noteNap() }
    }
}
