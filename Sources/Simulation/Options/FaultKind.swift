/// What can go wrong for a rank.
package enum FaultKind: Int, CaseIterable, Sendable {
    /// Comes when the others are at work.
    case lateJoin
    /// Goes as soon as it has what it wants.
    case leave
    /// Is gone from one moment to the next, for good.
    case kill
    /// In a staged job, the rank that would say what all digests are is killed, while another one
    /// sees the source.
    case killedPublisher
    /// All sources are killed: what only they had is lost.
    case orphan
    /// Stands still, often for longer than a lease, and is back.
    case pause
    /// Its links are slow for a while.
    case slow
    /// Messages take longer, each by its own time.
    case jitter
    case shortWrite
    case failingDisk
    case fullDisk
    case bitRot
    case unreadable
    // An adversary: an honest node behind a dishonest endpoint.
    case wrongBytes
    case wrongPiece
    case staleHave
    case silent
    case flood
    case malformed
    /// In a staged job, all ranks that track are killed when the job is under way: another rank
    /// takes the account over.
    case killedTrackers
    /// A tracker other than the first is gone for good.
    case lostTracker
    /// A tracker stands still, often for longer than a lease, and is back.
    case stoppedTracker

    /// These are drawn by themselves.
    var isOfTrackers: Bool {
        self == .killedTrackers || self == .lostTracker || self == .stoppedTracker
    }

    /// One run in this many has it: where the sources die, nobody can be asked to finish.
    /// Few jobs allow for a killed publisher.
    var rarity: Int {
        switch self {
        case .orphan: 12
        case .killedPublisher: 1
        default: 3
        }
    }

    var isMischief: Bool { !mischief.isEmpty }

    /// Whether it makes sense in such a job. Receivers of a staged job do not leave early, and they
    /// cannot do without a reader that lives and lies. Where outdated pieces have spread, only the
    /// publisher can say which they are.
    func canStrike(_ options: SimulationOptions) -> Bool {
        let staged = options.staged
        switch self {
        case .leave: return options.kind == .batch
        case .killedPublisher:
            return options.kind == .staged && options.sources > 1 && !staged.isSeenByAll
                && !staged.hasOwnDisk && !staged.hasOutdated
        // The first rank publishes a source that all see.
        case .killedTrackers:
            return options.kind == .staged
                && (!staged.isSeenByAll || !staged.hasOwnDisk && !staged.hasOutdated)
        // Users would ask for ever for what died with all sources.
        case .orphan:
            return options.kind == .batch || options.kind == .staged && !staged.isSeenByAll
        default: return options.kind != .staged || !isMischief || !staged.isSeenByAll
        }
    }

    package var mischief: Mischief {
        switch self {
        case .wrongBytes: .wrongBytes
        case .wrongPiece: .wrongPiece
        case .staleHave: .staleHave
        case .silent: .silent
        case .flood: .flood
        case .malformed: .malformed
        case .lateJoin, .leave, .kill, .killedPublisher, .orphan, .pause, .slow, .jitter,
            .shortWrite, .failingDisk, .fullDisk, .bitRot, .unreadable, .killedTrackers,
            .lostTracker, .stoppedTracker:
            []
        }
    }

    package var name: String {
        switch self {
        case .lateJoin: "late join"
        case .leave: "leave"
        case .kill: "kill"
        case .killedPublisher: "killed publisher"
        case .orphan: "killed sources"
        case .pause: "pause"
        case .slow: "slow links"
        case .jitter: "jitter"
        case .shortWrite: "short write"
        case .failingDisk: "failing disk"
        case .fullDisk: "full disk"
        case .bitRot: "bit rot"
        case .unreadable: "unreadable piece"
        case .wrongBytes: "wrong bytes"
        case .wrongPiece: "wrong piece"
        case .staleHave: "stale have"
        case .silent: "silence"
        case .flood: "flood"
        case .malformed: "malformed bytes"
        case .killedTrackers: "killed trackers"
        case .lostTracker: "lost tracker"
        case .stoppedTracker: "stopped tracker"
        }
    }
}
