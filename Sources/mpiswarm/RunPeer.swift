import CommandLine
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
    private let clock = ProcessClock()

    init(options: RunOptions) { self.options = options }

    func serve(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let shelf = MemoryShelf()
        let input = RunInput(options, peer: Int(world.rank.raw), shelf: shelf)
        let notesUp = Mailbox<UploaderNote>()
        let notesDown = Mailbox<DownloaderNote>()
        let trace = openTrace(options.traceFolder, world.rank)
        var rules = DownloaderRules(tracker: .first)
        // Whoever owns the same file is asked for the same number of its pieces.
        rules.picker = .roundRobin
        let upload = UploadNode(
            rules: UploaderRules(tracker: .first), owned: input.served,
            network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
            shelf: ShelfReader(shelf), inbox: notesUp, downloader: notesDown, trace: trace)
        let download = DownloadNode(
            rules: rules, share: input.share,
            network: MPIEndpoint(world, reading: [.download], messageSizeMax: Head.messageMax),
            disk: input.store, inbox: notesDown, uploader: notesUp, trace: trace,
            now: clock.now)
        let clock = clock
        let uploading = try NamedThread(name: "upload", upload) { mpiswarm.upload($0, by: clock) }
        let downloading = try NamedThread(name: "download", download) {
            mpiswarm.download($0, by: clock)
        }
        try downloading.join()
        try uploading.join()
        return 0
    }
}
