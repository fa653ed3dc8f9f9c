import Node
import Swarm
import Vocabulary
import Wire

/// A whole job in one thread: a tracker, and peers whose two nodes are stepped in an order that
/// a seed decides. Time stands still unless the test moves it.
final class Rig {
    final class Peer {
        let rank: Rank
        var download: DownloadNode<LoopbackEndpoint, FakeStore>
        var upload: UploadNode<LoopbackEndpoint, FakeReader>
        let finished = FinishedLog()
        let down: Mailbox<DownloaderNote>
        let heir = Mailbox<HeirNote>()
        var isStopped = false

        init(_ rig: Rig, _ rank: Rank, _ share: Share) {
            self.rank = rank
            let up = Mailbox<UploaderNote>()
            let down = Mailbox<DownloaderNote>()
            self.down = down
            download = DownloadNode(
                rules: rig.downloaderRules, share: share,
                network: rig.network.endpoint(of: rank, reading: [.download]),
                disk: FakeStore(rig.contents, finished), inbox: down, uploader: up,
                heir: heir, now: rig.now)
            let owned = share.owned.flatMap { file in
                [(content: file.content, geometry: file.geometry)]
                    + rig.contents.filter { file.manifest.nestedContent == $0.content }
                    .map { (content: $0.content, geometry: $0.geometry) }
            }
            upload = UploadNode(
                rules: rig.uploaderRules, owned: owned,
                network: rig.network.endpoint(of: rank, reading: [.upload]),
                reader: FakeReader(rig.contents, finished), inbox: up, downloader: down)
        }
    }

    /// The tracker of a rank that has taken over.
    final class Second {
        let rank: Rank
        var node: TrackerNode<LoopbackEndpoint>
        var hasStoodDown = false

        init(_ rig: Rig, _ rank: Rank, after inheritance: Inheritance) {
            self.rank = rank
            var rules = TrackerRules(firstPeer: Rank(1), peerCount: rig.peers.count)
            rules.rank = rank
            rules.inheritance = inheritance
            node = TrackerNode(
                rules: rules,
                network: rig.network.endpoint(of: rank, reading: [.tracker, .overlay]),
                now: rig.now)
        }
    }

    let network: Loopback
    let contents: [FakeContent]
    fileprivate let downloaderRules: DownloaderRules
    fileprivate let uploaderRules: UploaderRules
    var now = Tick.zero
    var tracker: TrackerNode<LoopbackEndpoint>
    var isTrackerDead = false
    /// The heirs, in the order in which they took over.
    private(set) var seconds: [Second] = []
    var peers: [Peer] = []
    var warnings: [TrackerWarning] = []
    private var chance: Chance

    init(
        _ shares: [Share], contents: [FakeContent], seed: UInt64 = 1,
        picker: PickerChoice = .roundRobin, serving: Serving = .onRequest, hasHeirs: Bool = false
    ) {
        var downloaderRules = DownloaderRules(tracker: .first)
        downloaderRules.picker = picker
        let heirs = hasHeirs ? shares.indices.map { Rank(Int32($0 + 1)) } : []
        downloaderRules.heirs = heirs
        self.downloaderRules = downloaderRules
        var uploaderRules = UploaderRules(tracker: .first)
        uploaderRules.serving = serving
        uploaderRules.heirs = heirs
        self.uploaderRules = uploaderRules
        network = Loopback(rankCount: shares.count + 1)
        self.contents = contents
        chance = Chance(seed: seed)
        tracker = TrackerNode(
            rules: TrackerRules(firstPeer: Rank(1), peerCount: shares.count),
            network: network.endpoint(of: .first, reading: [.tracker, .overlay]), now: .zero)
        for (place, share) in shares.enumerated() {
            peers.append(Peer(self, Rank(Int32(place + 1)), share))
        }
    }

    /// A rank that is never stepped again, and takes nothing that is sent to it.
    func kill(_ peer: Peer) {
        peer.isStopped = true
        network.dead.insert(peer.rank)
    }

    /// Rank 0 is never stepped again.
    func killTracker() {
        isTrackerDead = true
        network.dead.insert(.first)
    }

    /// Reports the death of a rank to all others.
    func report(dead rank: Rank) {
        for peer in peers where !peer.isStopped && peer.rank != rank { peer.down.put(.died(rank)) }
        for second in seconds { second.node.died(rank, now: now) }
    }

    /// The heirs that live and have not stood down.
    var accounts: [Second] {
        seconds.filter { !$0.hasStoodDown && !peers[Int($0.rank.raw) - 1].isStopped }
    }

    private var isOver: Bool {
        let living = peers.filter { !$0.isStopped }
        return (isTrackerDead || tracker.isOver) && accounts.allSatisfy { $0.node.isOver }
            && living.allSatisfy { $0.download.isOver }
    }

    private func stepSeconds() -> Bool {
        var found: [HeirNote] = []
        for peer in peers where !peer.isStopped {
            peer.heir.empty(into: &found)
            for note in found {
                switch note {
                case .takeOver(let inheritance):
                    seconds.append(Second(self, peer.rank, after: inheritance))
                case .standDown:
                    for second in seconds where second.rank == peer.rank {
                        second.hasStoodDown = true
                    }
                case .ended: break
                }
            }
            found.removeAll()
        }
        var isBusy = false
        for second in accounts {
            isBusy = second.node.step(now: now) || isBusy
            second.node.machine.checkInvariants()
        }
        return isBusy
    }

    /// The number of rounds with work in which no time passes: beyond it the job spins.
    private static let spinsMax = 100_000

    /// Steps the nodes until the job is over; if none has anything to do, time moves by a tenth of
    /// a second. Returns false if the job is not over by `limit`.
    func run(limit: Duration = .seconds(120), each: (Rig) -> Void = { _ in }) -> Bool {
        let end = Tick.zero + limit
        var spins = 0
        while !isOver {
            guard now < end, spins < Self.spinsMax else { return false }
            var order = Array(0...peers.count * 2)
            chance.permute(&order)
            var isBusy = false
            for number in order { isBusy = step(number) || isBusy }
            isBusy = stepSeconds() || isBusy
            warnings += tracker.takeWarnings()
            each(self)
            spins += 1
            if !isBusy {
                now = now + .milliseconds(100)
                spins = 0
            }
        }
        return true
    }

    private func step(_ number: Int) -> Bool {
        guard number > 0 else {
            guard !isTrackerDead else { return false }
            defer { tracker.machine.checkInvariants() }
            return tracker.step(now: now)
        }
        let peer = peers[(number - 1) / 2]
        guard !peer.isStopped else { return false }
        if number % 2 == 1 {
            defer { peer.download.machine.checkInvariants() }
            return peer.download.step(now: now)
        }
        guard !peer.upload.isOver else { return false }
        defer { peer.upload.machine.checkInvariants() }
        return peer.upload.step(now: now)
    }
}

extension Share {
    /// A share in few words.
    static func make(
        owns: [(String, FakeContent)] = [], wants: [String] = []
    ) throws -> Share {
        var share = Share()
        for (name, file) in owns {
            share.owned.append(
                Share.Owned(
                    name: try RelativePath(name), content: file.content, geometry: file.geometry,
                    manifest: Descriptor(inline: file.manifest)))
        }
        for name in wants { share.wants.append(try RelativePath(name)) }
        return share
    }

    /// Owns `a`, whose manifest is a content of its own.
    static func make(owns file: FakeContent, describedBy manifest: FakeContent) throws -> Share {
        var share = Share()
        share.owned.append(
            Share.Owned(
                name: try RelativePath("a"), content: file.content, geometry: file.geometry,
                manifest: Descriptor(nested: manifest.content, manifest: manifest.manifest)))
        return share
    }
}
