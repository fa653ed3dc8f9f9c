import CommandLine
import Content
import Launch
import MPITransport
import Node
import Storage
import Swarm
import Vocabulary
import Wire

/// A peer of `run`: a download thread and an upload thread over what `in<R>.txt` says.
struct RunPeer {
    let options: RunOptions
    let files: FileShelf
    private let clock = ProcessClock()

    init(options: RunOptions, files: FileShelf) {
        self.options = options
        self.files = files
    }

    func serve(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let shelf = MemoryShelf()
        let notesUp = Mailbox<UploaderNote>()
        let notesDown = Mailbox<DownloaderNote>()
        let trace = openTrace(options.traceFolder, world.rank)
        var input = RunInput(
            options, peer: Int(world.rank.raw), peerCount: world.rankCount - 1,
            shelf: shelf, files: files)
        var rules = DownloaderRules(tracker: .first)
        var waiting = AliveNode(
            tracker: .first, interval: rules.aliveInterval,
            network: MPIEndpoint(world, reading: [.download], messageSizeMax: Head.messageMax),
            trace: trace, now: clock.now)
        let (owned, directory) = (input.owned, options.directory)
        input.add(
            try waiting.live(by: clock) { RunFile.publish(owned, below: directory) })
        // Whoever owns the same file is asked for the same number of its pieces.
        rules.picker = .roundRobin
        rules.keepsChronicle = options.report != nil
        rules.bytesInFlightMax = 256 << 20
        let upload = UploadNode(
            rules: UploaderRules(tracker: .first), owned: input.served,
            network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
            shelf: ShelfReader(shelf, files), inbox: notesUp, downloader: notesDown, trace: trace)
        let download = DownloadNode(
            rules: rules, share: input.share, network: waiting.leave(),
            disk: input.takeStore(), inbox: notesDown, uploader: notesUp, trace: trace,
            now: clock.now)
        let clock = clock
        let uploading = try NamedThread(name: "upload", upload) { mpiswarm.upload($0, by: clock) }
        let isReported = Mailbox<Bool>()
        let downloading = try NamedThread(name: "download", download) {
            isReported.put(mpiswarm.download($0, by: clock))
        }
        try downloading.join()
        try uploading.join()
        files.abandon()
        var answers: [Bool] = []
        isReported.empty(into: &answers)
        // The verdict is rank 0's, unless it was killed: then a clean end would look like one.
        return answers == [true] ? 0 : 1
    }
}
