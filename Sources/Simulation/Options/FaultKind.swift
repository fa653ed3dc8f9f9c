import Swarm

/// The faults that can strike a rank.
package enum FaultKind: Int, CaseIterable, Sendable {
    /// It joins when the others are already at work.
    case lateJoin
    /// It dies at once, for good.
    case kill
    /// In a staged job, the rank that publishes the digests is killed while another rank can read
    /// the source.
    case killedPublisher
    /// All sources are killed: pieces that only they had are lost.
    case orphan
    /// It stops, often for longer than a lease, and continues.
    case pause
    /// Its links are slow for a while.
    case slow
    /// Messages take longer, each by its own delay.
    case jitter
    case shortWrite
    case failingDisk
    case fullDisk
    case bitRot
    case unreadable
    // The rank has an honest node behind a dishonest endpoint.
    case wrongBytes
    case wrongPiece
    case staleHave
    case silent
    case flood
    case malformed
    /// In a staged job, all trackers are killed once the job is under way: an heir takes over.
    case killedTrackers
    /// A tracker other than rank 0 dies.
    case lostTracker
    /// A tracker stops, often for longer than a lease, and continues.
    case stoppedTracker
    /// The rank that reads an archive finds that it ends early.
    case brokenArchive

    /// Faults of trackers are drawn separately.
    var isOfTrackers: Bool {
        self == .killedTrackers || self == .lostTracker || self == .stoppedTracker
    }

    /// One run in this many has the fault. Killed sources are rare, because no rank can then be
    /// required to finish, and so is what ends the reading of an archive. Other killed publishers
    /// are not, because few jobs allow for one.
    func rarity(_ options: SimulationOptions) -> Int {
        switch self {
        case .orphan: 12
        case .brokenArchive: 8
        case .killedPublisher: options.staged.isArchive ? 8 : 1
        default: 3
        }
    }

    var isMischief: Bool { !mischief.isEmpty }

    /// Whether the fault makes sense in such a job. In a staged job, a dishonest reader that
    /// stays alive would block the others. Once outdated pieces have spread,
    /// only the publisher knows which they are.
    func canStrike(_ options: SimulationOptions) -> Bool {
        let staged = options.staged
        let hasOneSource = options.collected == nil
        switch self {
        case .killedPublisher:
            return options.kind == .staged && (options.sources > 1 || staged.isArchive)
                && !staged.isSeenByAll && !staged.hasOwnDisk && !staged.hasOutdated
                && !staged.isDescribed && hasOneSource
        // Rank 0 publishes a source that all ranks see.
        case .killedTrackers:
            return options.kind == .staged
                && (!staged.isSeenByAll
                    || !staged.isArchive && !staged.hasOwnDisk && !staged.hasOutdated)
        case .brokenArchive: return options.kind == .staged && staged.isArchive
        // In a standing job, users would ask for ever for contents that died with all sources.
        case .orphan:
            return options.kind == .batch()
                || options.kind == .staged && !staged.isSeenByAll && hasOneSource
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
        case .lateJoin, .kill, .killedPublisher, .orphan, .pause, .slow, .jitter,
            .shortWrite, .failingDisk, .fullDisk, .bitRot, .unreadable, .killedTrackers,
            .lostTracker, .stoppedTracker, .brokenArchive:
            []
        }
    }

    package var name: String {
        switch self {
        case .lateJoin: "late join"
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
        case .brokenArchive: "broken archive"
        }
    }
}
