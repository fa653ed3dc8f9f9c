import CommandLine
import Content
import Control
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
    let grouping: Grouping
    let contents: PeerContents
    private let ending: JobEnding
    private let deaths: DeathWatch
    let clock = ProcessClock()

    init(
        options: RunOptions, grouping: Grouping, contents: PeerContents, _ ending: JobEnding,
        _ deaths: DeathWatch
    ) {
        self.options = options
        self.grouping = grouping
        self.contents = contents
        self.ending = ending
        self.deaths = deaths
    }

    func serve(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let bells = PeerBells()
        let notesUp = Mailbox<UploaderNote>(ringing: bells.upload)
        let notesDown = Mailbox<DownloaderNote>(ringing: bells.download)
        let trace = openTrace(options.traceFolder, world.rank)
        var input = RunInput(
            options, peer: grouping.number(of: world.rank), grouping, contents,
            bell: bells.download)
        var rules = grouping.downloaderRules(of: world.rank)
        var waiting = AliveNode(world, rules, trace: trace, now: clock.now)
        let (owned, directory) = (input.owned, options.directory)
        input.add(
            try waiting.live(by: clock) { RunFile.publish(owned, below: directory) })
        // All owners of labels are asked for the same number of them.
        rules.picker = .roundRobin
        rules.keepsTimeline = options.report != nil
        rules.countsWork = options.stats
        rules.bytesInFlightMax = 256 << 20
        var uploaderRules = grouping.uploaderRules(of: world.rank)
        // Files are offered, and labels asked for.
        uploaderRules.serving = .cooperative
        uploaderRules.countsWork = options.stats
        if options.queries == nil {
            rules.heirs = grouping.heirs
            uploaderRules.heirs = grouping.heirs
        }
        let upload = UploadNode(
            rules: uploaderRules, owned: input.served,
            network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
            reader: ContentsReader(contents, bell: bells.upload), inbox: notesUp,
            downloader: notesDown,
            trace: trace)
        if let path = options.queries {
            return try inquire(
                path, input.share, rules, upload, waiting.leave(), notesDown, bells,
                trace)
        }
        let account = RunAccount(options: options, names: RankNames(), clock: clock)
        let heir = account.heir(at: world.place, grouping, ending, deaths, trace: trace)
        deaths.follow { notesDown.put(.died($0)) }
        let download = DownloadNode(
            rules: rules, share: input.share, network: waiting.leave(),
            disk: input.takeStore(), inbox: notesDown, uploader: notesUp,
            heir: heir.notes, trace: trace, now: clock.now)
        return try exchange(upload, download, heir, contents, bells, by: clock)
    }
}
