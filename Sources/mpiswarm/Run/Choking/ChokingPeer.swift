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

/// A peer of a choking swarm: it has the file, or gets it from those who let it ask.
struct ChokingPeer {
    let options: RunOptions
    let contents: PeerContents
    let input: Result<ChokingInput, ChokingError>
    let grouping: Grouping
    private let ending: JobEnding
    private let deaths: DeathWatch
    private let clock = ProcessClock()

    init(
        options: RunOptions, contents: PeerContents, input: Result<ChokingInput, ChokingError>,
        grouping: Grouping, _ ending: JobEnding, _ deaths: DeathWatch
    ) {
        self.options = options
        self.contents = contents
        self.input = input
        self.grouping = grouping
        self.ending = ending
        self.deaths = deaths
    }

    func serve(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let trace = openTrace(options.traceFolder, world.rank)
        let rules = downloaderRules(world.rank)
        var waiting = AliveNode(world, rules, trace: trace, now: clock.now)
        let bells = PeerBells()
        var peer = Peer(share: Share(), store: LabelStore.empty(contents))
        switch input {
        case .failure(let refusal): peer.share.refusal = refusal.sentence
        case .success(let input): try begin(input, world.rank, bells, &waiting, &peer)
        }
        let notesUp = Mailbox<UploaderNote>(ringing: bells.upload)
        let notesDown = Mailbox<DownloaderNote>(ringing: bells.download)
        let upload = UploadNode(
            rules: uploaderRules(world.rank), owned: peer.served,
            network: MPIEndpoint(world, reading: [.upload], messageSizeMax: Head.messageMax),
            reader: ContentsReader(contents, bell: bells.upload), inbox: notesUp,
            downloader: notesDown,
            trace: trace,
            witness: peer.witness)
        let account = RunAccount(
            options: options, names: names, clock: clock, leavesParts: true)
        let heir = account.heir(at: world.place, grouping, ending, deaths, trace: trace)
        deaths.follow { notesDown.put(.died($0)) }
        let download = DownloadNode(
            rules: rules, share: peer.share, network: waiting.leave(),
            disk: peer.store, inbox: notesDown, uploader: notesUp, heir: heir.notes, trace: trace,
            witness: peer.witness, now: clock.now)
        return try exchange(upload, download, heir, contents, bells, by: clock)
    }

    private var names: RankNames {
        guard case .success(let input) = input else { return RankNames() }
        return input.names(trackerCount: grouping.trackerCount)
    }

    private struct Peer: ~Copyable {
        var share: Share
        var store: LabelStore
        var served: [(content: ContentID, geometry: Geometry)] = []
        var witness: EventObserver?
    }

    private func begin(
        _ input: ChokingInput, _ rank: Rank, _ bells: PeerBells,
        _ waiting: inout AliveNode<MPIEndpoint>, _ peer: inout Peer
    ) throws(LaunchError) {
        let options = options
        let trackerCount = grouping.trackerCount
        let own = input.peer(at: rank, trackerCount: trackerCount)
        let look = try waiting.live(by: clock) { ChokingStart.look(options, input, own) }
        do throws(RunInputError) {
            let start = try look.get()
            peer.store = try start.store(contents, bell: bells.download)
            peer.share = start.share
            peer.served = start.served
            peer.witness =
                ChokingLog(
                    start.log, input, trackerCount: trackerCount, rank: rank, clock: clock
                ).witness
        } catch { peer.share.refusal = error.sentence }
    }

    private func downloaderRules(_ rank: Rank) -> DownloaderRules {
        var rules = grouping.downloaderRules(of: rank)
        rules.heirs = grouping.heirs
        rules.seed = seed
        rules.picker = .random
        rules.requestsPerSourceMax = 1
        rules.hasEndgame = false
        rules.believesSeeds = false
        rules.neighboursMax = .max / 2
        // The tracker is asked for members once; the members report their pieces themselves.
        rules.piecesPerUpdate = .max
        // With fewer cores than ranks an answer takes time; a piece that is requested from another
        // source meanwhile would arrive twice.
        rules.answerPatience = .seconds(10)
        rules.piecePatienceMin = .seconds(10)
        rules.tellsHappenings = true
        rules.keepsTimeline = options.report != nil
        rules.countsWork = options.stats
        // The later of two seeds connects; a peer that fetches connects to all others by itself.
        rules.greets = grouping.peers.filter { $0 < rank }
        return rules
    }

    private func uploaderRules(_ rank: Rank) -> UploaderRules {
        var rules = grouping.uploaderRules(of: rank)
        rules.heirs = grouping.heirs
        rules.seed = seed
        rules.serving = .titForTat
        rules.optimisticStays = true
        rules.greeters = grouping.peers.filter { $0 > rank }
        rules.tellsHappenings = true
        guard case .success(let input) = input else { return rules }
        rules.preferredMax = input.terms.preferredMax
        rules.unchokingInterval = input.terms.unchokingInterval
        rules.optimisticUnchokingInterval = input.terms.optimisticUnchokingInterval
        return rules
    }

    /// Chance is another one in each job.
    private let seed = wallClock()
}
