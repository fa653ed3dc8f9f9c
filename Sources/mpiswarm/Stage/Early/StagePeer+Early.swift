import CommandLine
import Content
import Launch
import Node
import Staging
import Storage
import Swarm
import Vocabulary

/// Archives whose trees travel in parts while they are being read.
extension StagePeer {
    /// Owners are set, and caches filled, only for trees whose entries are known from the start.
    var mayTravelEarly: Bool {
        options.unpack && options.sourcePaths.count == 1 && options.cache == nil
            && !options.preserve && !options.dryRun && !options.check
    }

    private var top: RelativePath? { options.name(of: options.sourcePaths[0]) }

    /// Adds to a duty what concerns parts.
    func addParts(to duty: inout TreeDuty, of manifest: TreeManifest, by order: StageOrder) {
        guard let early = order.early else { return }
        guard duty.number < early.count else {
            duty.early = .whole(partCount: early.count)
            if rank == .first { job.whole.put(manifest) }
            return
        }
        guard let top else { return }
        duty.early = .part(copy: order.landing.map { "\($0.folder)/\($0.name ?? top)" })
        duty.isReaderGone = { [deaths = job.deaths] in deaths.dead.contains(early.reader) }
        guard let archive = archives.first else { return }
        duty.site = SourceSite(name: top, path: options.sourcePaths[0], unpacked: archive)
        duty.site?.part = duty.number
    }

    /// Reads the archive on a thread of its own, because it may take long.
    func startReading(
        _ order: StageOrder, _ storage: StageStorage, _ downloader: Mailbox<DownloaderNote>
    ) throws(LaunchError) -> NamedThread? {
        guard let early = order.early, early.reader == rank, let archive = archives.first else {
            return nil
        }
        let reading = ArchiveReading(
            job: job, order: order, early: early, archive: archive, storage: storage,
            downloader: downloader)
        return try NamedThread(name: "unpack", reading) { $0.read() }
    }
}
