import CommandLine
import Launch
import MPITransport
import Node
import Storage
import Swarm
import Vocabulary

/// A peer that asks instead of fetching.
extension RunPeer {
    func inquire(
        _ path: String, _ share: Share, _ rules: DownloaderRules,
        _ upload: consuming sending UploadNode<MPIEndpoint, ContentsReader>,
        _ network: consuming MPIEndpoint, _ inbox: Mailbox<DownloaderNote>,
        _ bells: PeerBells, _ trace: Trace?
    ) throws(LaunchError) -> Int32 {
        var share = share
        share.wants = []
        var names: [RelativePath] = []
        let peers = grouping.trackerCount..<network.rankCount
        do throws(RunInputError) {
            names = try QueryFile(path: path, peers: peers).names(of: network.rank)
        } catch { share.refusal = share.refusal ?? error.sentence }
        let clock = clock
        let disks = try DiskThreads(peerDiskThreads, of: contents.crew)
        let uploading = try NamedThread(name: "upload", upload) {
            mpiswarm.upload($0, bells, by: clock)
        }
        var node = QueryNode(
            rules: rules, share: share, names: names, network: network, inbox: inbox,
            trace: trace, now: clock.now)
        let resting = ThreadWaiting(bells, own: bells.download, other: bells.upload, by: clock)
        work(&node, by: clock, resting: resting)
        let isReported = !node.machine.isAbandoned
        var left = node.leave()
        close(&left, by: clock)
        try uploading.join()
        try disks.end()
        contents.files.abandon()
        return isReported ? 0 : 1
    }
}
