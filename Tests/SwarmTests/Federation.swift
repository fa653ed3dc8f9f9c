import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Several trackers, a clock, and a network that carries messages between them in the order in
/// which they were sent. Messages to peers are kept. Every event is followed by a check of its
/// receiver's invariants.
struct Federation {
    struct Letter {
        let message: OverlayMessage
        let tail: [UInt8]
        let from: Rank
        let to: Rank
    }

    private(set) var trackers: [Tracker] = []
    private(set) var now = Tick.zero
    private(set) var letters: [Letter] = []
    private(set) var warnings: [TrackerWarning] = []
    /// Messages to peers since the last drain.
    private var words: [(DownloadMessage, tail: [UInt8], to: Int32)] = []
    private(set) var terminated: [Int32] = []
    /// Of the messages that were delivered.
    private(set) var queryCount = 0
    private(set) var hitCount = 0
    private(set) var longestTail = 0
    var dead: [Int] = []
    /// Trackers that are stopped, and the messages that wait for them.
    private var stopped: [Int: Tick] = [:]
    private var held: [Letter] = []
    /// Peers that have moved to another tracker.
    private var moved: [Int: Int] = [:]
    let grouping: Grouping
    var checks = true

    init(
        _ topology: Topology, peers: Int, homes: [Int]? = nil,
        rules change: (inout TrackerRules) -> Void = { _ in }
    ) {
        let count = topology.trackerCount
        let first = Rank(Int32(count))
        grouping =
            homes.map {
                Grouping(
                    trackerCount: count, firstPeer: first, homes: $0.map { Rank(Int32($0)) })
            } ?? Grouping(trackerCount: count, firstPeer: first, peerCount: peers)
        for tracker in grouping.trackers {
            var rules = grouping.rules(of: tracker, OverlayRules(topology: topology))
            change(&rules)
            var effects = Effects<TrackerEffect>()
            trackers.append(Tracker(rules: rules, now: .zero, effects: &effects))
            take(effects, from: Int(tracker.raw))
        }
    }

    /// The rank of peer number `number`.
    func peer(_ number: Int) -> Int32 { Int32(grouping.trackerCount + number - 1) }

    private mutating func take(_ effects: Effects<TrackerEffect>, from tracker: Int) {
        if checks { trackers[tracker].checkInvariants() }
        for effect in effects.list {
            switch effect {
            case .send(.overlay(let message), let tail, let to):
                longestTail = max(longestTail, tail.count)
                letters.append(
                    Letter(
                        message: message, tail: Array(effects.bytes(of: tail)),
                        from: Rank(Int32(tracker)), to: to))
            case .send(.download(let message), let tail, let to):
                words.append((message, Array(effects.bytes(of: tail)), to.raw))
            case .send(.upload, _, let to): terminated.append(to.raw)
            case .order(.warn(let warning)): warnings.append(warning)
            case .send(.tracker, _, _), .wake, .order(.over): break
            }
        }
    }

    private static let lettersMax = 100_000

    /// Delivers all messages under way, and those that follow. Refused ones are dropped.
    mutating func settle() throws {
        var next = 0
        while next < letters.count {
            deliver(letters[next])
            next += 1
            try #require(next < Self.lettersMax, "trackers talk without end")
        }
        letters = []
    }

    private mutating func deliver(_ letter: Letter) {
        if case .query = letter.message { queryCount += 1 }
        if case .queryHit = letter.message { hitCount += 1 }
        let to = Int(letter.to.raw)
        guard !dead.contains(to), !dead.contains(Int(letter.from.raw)) else { return }
        guard stopped[to] == nil else { return held.append(letter) }
        inject(letter.message, tail: letter.tail, from: letter.from, to: to)
    }

    /// A message of some tracker, honest or not. A refused one is dropped.
    mutating func inject(_ message: OverlayMessage, tail: [UInt8], from rank: Rank, to: Int) {
        do throws(WireError) { try tell(to, message, tail: tail, from: rank) } catch {}
    }

    mutating func tell(
        _ tracker: Int, _ message: OverlayMessage, tail: [UInt8], from rank: Rank
    ) throws(WireError) {
        var effects = Effects<TrackerEffect>()
        defer { take(effects, from: tracker) }
        try unsafe trackers[tracker].received(
            message, tail: tail.span.bytes, from: rank, now: now, effects: &effects)
    }

    /// A message of peer number `number` to its tracker, or to another.
    mutating func hear(
        _ message: TrackerMessage, tail: [UInt8] = [], from number: Int, at tracker: Int? = nil
    ) throws {
        let rank = Rank(peer(number))
        if let tracker { moved[number] = tracker }
        let home = moved[number] ?? Int(grouping.home(of: rank).raw)
        guard !dead.contains(home), stopped[home] == nil else { return }
        var effects = Effects<TrackerEffect>()
        try unsafe trackers[home].received(
            message, tail: tail.span.bytes, from: rank, now: now, effects: &effects)
        take(effects, from: home)
    }

    mutating func list(
        _ entries: [FileListEntry] = [], from number: Int, at tracker: Int? = nil
    ) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try hear(
            .fileList(page: 0, entries: UInt32(entries.count), isLast: true), tail: tail,
            from: number, at: tracker)
    }

    /// A file that a peer now has, or no longer has.
    mutating func change(_ entries: [FileListEntry], from number: Int) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try hear(
            .fileListUpdate(page: 0, entries: UInt32(entries.count), isLast: true), tail: tail,
            from: number)
        try settle()
    }

    mutating func ask(_ name: String, from number: Int, at tracker: Int? = nil) throws {
        try hear(
            .swarmRequest(.none, want: WantNumber(0), by: .name, needsManifest: true),
            tail: Array(name.utf8), from: number, at: tracker)
    }

    mutating func report(from number: Int) throws {
        try hear(.report(page: 0, entries: 0, isLast: true, isFinal: true), from: number)
    }

    /// Lets time pass, half a second at a time; the named peers prove that they live.
    mutating func pass(_ seconds: Double, alive: [Int] = []) throws {
        for _ in 0..<Int(seconds * 2) {
            now = now + .milliseconds(500)
            for number in alive { try hear(.alive, from: number) }
            for tracker in trackers.indices
            where !dead.contains(tracker) && stopped[tracker] == nil {
                look(tracker)
            }
            try settle()
        }
    }

    mutating func stop(_ tracker: Int) { stopped[tracker] = now }

    /// The tracker continues with the messages that other trackers sent meanwhile, after a look at
    /// its clock where that is late.
    mutating func resume(_ tracker: Int, isLate: Bool = false) throws {
        if let since = stopped.removeValue(forKey: tracker) {
            trackers[tracker].stoodStill(for: now - since)
        }
        if isLate { look(tracker) }
        letters += held.filter { Int($0.to.raw) == tracker }
        held.removeAll { Int($0.to.raw) == tracker }
        try settle()
    }

    private mutating func look(_ tracker: Int) {
        var effects = Effects<TrackerEffect>()
        trackers[tracker].timeout(now: now, effects: &effects)
        take(effects, from: tracker)
    }

    mutating func jump(_ time: Duration) { now = now + time }

    /// Messages to peers since the last call, without answers to proofs of life.
    mutating func said() -> [(message: DownloadMessage, tail: [UInt8], to: Int32)] {
        defer { words = [] }
        return words.compactMap { word in
            if case .aliveAck = word.0 { return nil }
            return (word.0, word.tail, word.to)
        }
    }

    /// The members that the last answer to a peer named, in order; nil where there was none.
    mutating func told(_ number: Int) throws -> (content: ContentID, members: [Int32])? {
        let rank = peer(number)
        for (message, tail, to) in said().reversed() where to == rank {
            guard case .swarm(let content, _, let seeds, let peers) = message else { continue }
            var cursor = 0
            let list = try unsafe MemberList(
                reading: tail.span.bytes, seeds: seeds, peers: peers, at: &cursor)
            return (content, (list.seeds + list.peers).map(\.raw).sorted())
        }
        return nil
    }

    var stages: [Tracker.Stage] { trackers.map(\.stage) }
}
