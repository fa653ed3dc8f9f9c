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

/// A peer of `serve`: besides its two threads one that looks after the shared files, and one that
/// listens to users.
struct ServePeer {
    let options: ServeOptions
    let grouping: Grouping
    let job: String
    let sockets: Mailbox<String>
    private let deaths: DeathWatch
    private let clock = ProcessClock()
    /// Longer than elsewhere, and reached late: a rank that serves mostly has nothing
    /// to do, beside a job that wants its core.
    private static let idleRest = Duration.milliseconds(100)
    private let contents = PeerContents(crew: DiskWorkers(idleMax: peerDiskThreads - 1)) {
        sentence($0)
    }
    private let links = ServeLinks()

    init(
        options: ServeOptions, grouping: Grouping, job: String, sockets: Mailbox<String>,
        deaths: DeathWatch
    ) {
        self.options = options
        self.grouping = grouping
        self.job = job
        self.sockets = sockets
        self.deaths = deaths
    }

    func serve(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let rank = world.rank
        let host = world.processorName
        // Folders, and the remains of earlier jobs in them, belong to a peer, whichever ranks
        // track.
        let number = Rank(Int32(grouping.number(of: rank)))
        let share = absolute(expanded(options.share ?? "", rank: number, host: host))
        let output =
            options.output.map { absolute(expanded($0, rank: number, host: host)) } ?? share
        do throws(ServeError) {
            let keeper = try keeper(of: share)
            let storage = try storage(in: output, number)
            let server = try listen(rank)
            return try serve(world, keeper, storage, server)
        } catch .launch(let error) {
            throw error
        } catch {
            return try refuse(world, error.sentence)
        }
    }

    private func keeper(of share: String) throws(ServeError) -> SharedFolders {
        do throws(StorageError) {
            return try SharedFolders(
                share, files: contents.files, memory: contents.memory, book: links.book,
                now: clock.now,
                wallClock: { Int64(clamping: wallClock()) },
                whileWanted: { [links] in links.stop.isEmpty })
        } catch { throw .unreadable(share, error) }
    }

    private func storage(in output: String, _ rank: Rank) throws(ServeError) -> LiveStorage {
        do throws(StorageError) {
            return try LiveStorage(
                contents, output: output, naming: .content(rank),
                destinations: links.destinations, bell: links.bells.download)
        } catch { throw .unwritable(output, error) }
    }

    /// The ranks of a job whose mpirun was killed end a second later, and until then they listen at
    /// the path that this rank needs.
    private static let takenPatience = Duration.seconds(3)

    private func listen(_ rank: Rank) throws(ServeError) -> ControlServer {
        do throws(ControlError) {
            let folder = try ControlFolder(runtimeFolder: environmentVariable("XDG_RUNTIME_DIR"))
            let server = try server(of: rank, in: folder, until: clock.now + Self.takenPatience)
            sockets.put(folder.socketPath(job: job, rank: Int(rank.raw)))
            return server
        } catch { throw .deaf(error) }
    }

    private func server(
        of rank: Rank, in folder: ControlFolder, until end: Tick
    ) throws(ControlError) -> ControlServer {
        while clock.now < end {
            do throws(ControlError) {
                return try folder.server(job: job, rank: Int(rank.raw))
            } catch .taken {
                rest(.milliseconds(50))
            }
        }
        return try folder.server(job: job, rank: Int(rank.raw))
    }

    private func serve(
        _ world: borrowing MPIWorld, _ keeper: consuming sending SharedFolders,
        _ storage: LiveStorage, _ server: consuming sending ControlServer
    ) throws(ServeError) -> Int32 {
        do throws(LaunchError) {
            let trace = openTrace(options.traceDirectory, world.rank)
            let upload = UploadNode(
                rules: grouping.uploaderRules(of: world.rank), owned: [],
                network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
                reader: ContentsReader(contents, bell: links.bells.upload), inbox: links.up,
                downloader: links.down,
                trace: trace, throttle: Throttle(bytesPerSecond: options.limitRate.bytesPerSecond))
            let download = DownloadNode(
                rules: rules(of: world.rank), share: Share(),
                network: MPIEndpoint(
                    world, reading: [.download], messageSizeMax: Head.messageMax),
                disk: LiveStore(storage), inbox: links.down, uploader: links.up, news: links.news,
                trace: trace, now: clock.now)
            return try work(upload, download, storage, keeper, server, rank: world.rank)
        } catch { throw .launch(error) }
    }

    /// All threads, until the job ends.
    private func work(
        _ upload: consuming sending UploadNode<MPIEndpoint, ContentsReader>,
        _ download: consuming sending DownloadNode<MPIEndpoint, LiveStore>, _ storage: LiveStorage,
        _ keeper: consuming sending SharedFolders, _ server: consuming sending ControlServer,
        rank: Rank
    ) throws(LaunchError) -> Int32 {
        let (clock, links, contents) = (clock, links, contents)
        deaths.follow { [down = links.down] in down.put(.died($0)) }
        let disks = try DiskThreads(peerDiskThreads, of: contents.crew)
        let sharing = try NamedThread(name: "share", keeper) {
            ServeSharing(links, contents.files, clock).work($0)
        }
        let listening = try NamedThread(name: "control", server) {
            ServeControl(links, clock, contents.crew, rank: rank).work($0)
        }
        let uploading = try NamedThread(name: "upload", upload) {
            mpiswarm.upload($0, links.bells, by: clock, idling: Self.idleRest)
        }
        let downloading = try NamedThread(name: "download", download) {
            let reported = mpiswarm.download($0, links.bells, by: clock, idling: Self.idleRest)
            links.end(reported: reported)
        }
        try downloading.join()
        storage.leave()
        try uploading.join()
        try disks.end()
        try listening.join()
        try sharing.join()
        return verdict
    }

    /// That of the job is rank 0's, unless it was killed: then a clean end would look like one.
    private var verdict: Int32 {
        var answers: [Bool] = []
        links.stop.empty(into: &answers)
        return answers == [true] ? 0 : 1
    }

    private func rules(of rank: Rank) -> DownloaderRules {
        var rules = grouping.downloaderRules(of: rank)
        rules.kind = .standing
        rules.aliveInterval = options.aliveInterval
        rules.lease = options.lease
        rules.bytesInFlightMax = 256 << 20
        return rules
    }

    /// Says why it cannot serve, which ends the job.
    private func refuse(
        _ world: borrowing MPIWorld, _ words: String
    ) throws(LaunchError) -> Int32 {
        var share = Share()
        share.refusal = words
        let upload = UploadNode(
            rules: grouping.uploaderRules(of: world.rank), owned: [],
            network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
            reader: ContentsReader(contents, bell: links.bells.upload), inbox: links.up,
            downloader: links.down)
        let download = DownloadNode(
            rules: rules(of: world.rank), share: share,
            network: MPIEndpoint(world, reading: [.download], messageSizeMax: Head.messageMax),
            disk: LabelStore.empty(contents), inbox: links.down, uploader: links.up,
            now: clock.now)
        let (clock, links) = (clock, links)
        let uploading = try NamedThread(name: "upload", upload) {
            mpiswarm.upload($0, links.bells, by: clock)
        }
        let downloading = try NamedThread(name: "download", download) {
            links.stop.put(mpiswarm.download($0, links.bells, by: clock))
        }
        try downloading.join()
        try uploading.join()
        return verdict
    }
}
