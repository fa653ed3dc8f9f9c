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
        var upload: UploadNode<LoopbackEndpoint, FakeShelf>
        let finished = FinishedLog()
        var isStopped = false

        init(_ rig: Rig, _ rank: Rank, _ share: Share) {
            self.rank = rank
            let up = Mailbox<UploaderNote>()
            let down = Mailbox<DownloaderNote>()
            download = DownloadNode(
                rules: rig.downloaderRules, share: share,
                network: rig.network.endpoint(of: rank, reading: [.download]),
                disk: FakeStore(rig.contents, finished), inbox: down, uploader: up,
                now: rig.now)
            let owned = share.owned.flatMap { file in
                [(content: file.content, geometry: file.geometry)]
                    + rig.contents.filter { file.manifest.nestedContent == $0.content }
                    .map { (content: $0.content, geometry: $0.geometry) }
            }
            upload = UploadNode(
                rules: rig.uploaderRules, owned: owned,
                network: rig.network.endpoint(of: rank, reading: [.upload]),
                shelf: FakeShelf(rig.contents, finished), inbox: up, downloader: down)
        }
    }

    let network: Loopback
    let contents: [FakeContent]
    fileprivate let downloaderRules: DownloaderRules
    fileprivate let uploaderRules: UploaderRules
    var now = Tick.zero
    var tracker: TrackerNode<LoopbackEndpoint>
    var peers: [Peer] = []
    var warnings: [TrackerWarning] = []
    private var chance: Chance

    init(
        _ shares: [Share], contents: [FakeContent], seed: UInt64 = 1,
        picker: PickerChoice = .roundRobin, serving: Serving = .onRequest
    ) {
        var downloaderRules = DownloaderRules(tracker: .first)
        downloaderRules.picker = picker
        self.downloaderRules = downloaderRules
        var uploaderRules = UploaderRules(tracker: .first)
        uploaderRules.serving = serving
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

    /// Rounds in which something is done though no time passes: more are a job that spins.
    private static let spinsMax = 100_000

    /// Steps whoever is next until the job is over; when nobody has anything to do, time moves
    /// by a tenth of a second. False when it is not over by `limit`.
    func run(limit: Duration = .seconds(120), each: (Rig) -> Void = { _ in }) -> Bool {
        let end = Tick.zero + limit
        var spins = 0
        while !tracker.isOver {
            guard now < end, spins < Self.spinsMax else { return false }
            var order = Array(0...peers.count * 2)
            chance.permute(&order)
            var isBusy = false
            for number in order { isBusy = step(number) || isBusy }
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
    /// A share in few words: names are numbers of contents.
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
