import Swarm
import Testing
import Vocabulary
import Wire

/// The effects of a tracker, with the bytes of each tail and without its alarms.
enum Deed: Equatable {
    case send(Message, to: Int32, tail: [UInt8])
    case warn(TrackerWarning)
    case over

    static func send(_ message: DownloadMessage, to rank: Int32, tail: [UInt8] = []) -> Deed {
        .send(.download(message), to: rank, tail: tail)
    }

    static func terminate(_ rank: Int32) -> Deed {
        .send(.upload(.terminate), to: rank, tail: [])
    }

    static func collected(_ rank: Int32) -> Deed {
        .send(.upload(.collected), to: rank, tail: [])
    }
}

/// A tracker and a clock. Every event is followed by a check of the tracker's invariants.
struct Group {
    private(set) var tracker: Tracker
    private(set) var now = Tick.zero
    private var effects = Effects<TrackerEffect>()
    /// Messages that ranks send with every proof of life.
    private var stalls: [Int32: TrackerMessage] = [:]

    static let content = ContentID(high: 7, low: 7)

    /// The peers are ranks 1, 2, …
    init(_ peerCount: Int, first: Int32 = 1, rules change: (inout TrackerRules) -> Void = { _ in })
    {
        var rules = TrackerRules(firstPeer: Rank(first), peerCount: peerCount)
        change(&rules)
        tracker = Tracker(rules: rules, now: .zero, effects: &effects)
        tracker.checkInvariants()
    }

    /// A group that is running: rank 1 owns `content` as "a", the others want it.
    static func running(_ peerCount: Int) throws -> Group {
        var group = Group(peerCount)
        try group.list([owned("a", content)], from: 1)
        for rank in 2...Int32(peerCount) { try group.list([wanted("a")], from: rank) }
        _ = group.drain()
        return group
    }

    static func owned(_ name: String, _ content: ContentID) throws -> FileListEntry {
        .owned(
            try RelativePath(name), content, size: ByteCount(100), pieces: 10,
            manifest: Descriptor(inline: [UInt8(truncatingIfNeeded: content.low)]))
    }

    static func gone(_ name: String, _ content: ContentID) throws -> FileListEntry {
        .gone(try RelativePath(name), content)
    }

    static func wanted(_ name: String) throws -> FileListEntry { .wanted(try RelativePath(name)) }

    mutating func hear(
        _ message: TrackerMessage, tail: [UInt8] = [], from rank: Int32
    ) throws(WireError) {
        defer { tracker.checkInvariants() }
        if message != .alive { stalls[rank] = nil }
        try unsafe tracker.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
    }

    mutating func giveUp() {
        tracker.giveUp(now: now, effects: &effects)
        tracker.checkInvariants()
    }

    mutating func suffer(_ complaint: Complaint, from rank: Int32) {
        tracker.suffered(complaint, of: Rank(rank), now: now, effects: &effects)
        tracker.checkInvariants()
    }

    /// A reliable witness reports a death.
    mutating func die(_ rank: Int32) {
        tracker.died(Rank(rank), now: now, effects: &effects)
        tracker.checkInvariants()
    }

    mutating func list(
        _ entries: [FileListEntry], page: UInt32 = 0, isLast: Bool = true, from rank: Int32
    ) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try hear(
            .fileList(page: page, entries: UInt32(entries.count), isLast: isLast), tail: tail,
            from: rank)
    }

    mutating func report(
        _ entries: [ReportEntry] = [], page: UInt32 = 0, isLast: Bool = true, isFinal: Bool = true,
        from rank: Int32
    ) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try hear(
            .report(
                page: page, entries: UInt32(entries.count), isLast: isLast, isFinal: isFinal),
            tail: tail, from: rank)
    }

    mutating func ask(_ name: String, want: UInt32 = 0, from rank: Int32) throws {
        try hear(
            .swarmRequest(.none, want: WantNumber(want), by: .name, needsManifest: true),
            tail: Array(name.utf8), from: rank)
    }

    /// With `again` the rank repeats it until it sends something else or learns that the content is
    /// lost.
    mutating func stall(
        _ fingerprint: UInt64 = 1, missing: UInt32 = 3, isCertain: Bool = false,
        from rank: Int32, again: Bool = true
    ) throws {
        let message = TrackerMessage.stalled(
            Self.content, missing: missing, fingerprint: fingerprint, isCertain: isCertain)
        try hear(message, from: rank)
        stalls[rank] = again ? message : nil
    }

    /// Lets time pass, second by second. Only the named ranks prove that they live.
    mutating func pass(_ seconds: Int, alive ranks: Int32...) throws {
        for _ in 0..<seconds {
            now = now + .seconds(1)
            for rank in ranks {
                try hear(.alive, from: rank)
                guard let stall = stalls[rank] else { continue }
                try hear(stall, from: rank)
                stalls[rank] = stall
            }
            wake()
            for case .send(.download(.swarmLost), _, let rank) in effects.list {
                stalls[rank.raw] = nil
            }
        }
    }

    mutating func jump(_ time: Duration) { now = now + time }

    mutating func wake() {
        tracker.timeout(now: now, effects: &effects)
        tracker.checkInvariants()
    }

    /// The effects since the last call, without alarms and the answers to proofs of life.
    mutating func drain() -> [Deed] {
        defer { effects.removeAll() }
        return effects.list.compactMap { effect in
            switch effect {
            case .send(.download(.aliveAck), _, _), .wake: nil
            case .send(let message, let tail, let rank):
                .send(message, to: rank.raw, tail: Array(effects.bytes(of: tail)))
            case .order(.warn(let warning)): .warn(warning)
            case .order(.over): .over
            }
        }
    }

    /// The alarms, which `drain` leaves out.
    var alarms: [Tick] {
        effects.list.compactMap { if case .wake(let tick) = $0 { tick } else { nil } }
    }

    func stage(of rank: Int) -> PeerRow.Stage { tracker.peers[rank - 1].stage }
}
