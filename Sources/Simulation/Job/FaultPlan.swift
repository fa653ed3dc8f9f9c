import Swarm
package import Vocabulary

/// The faults of one run, decided before it begins.
///
/// Faults strike until `healsAt`. Then everything heals, except that dead ranks stay dead, and all
/// ranks that must finish have to do so by `endsAt`. The first source is never struck, so that the
/// content can be obtained.
package struct FaultPlan: Sendable {
    package struct Step: Sendable {
        package let time: Tick
        package let kind: FaultKind
        package let rank: Int
        /// The fault of that kind ends at this step.
        package let isEnd: Bool

        /// Without its only tracker, no rank of a job could begin.
        func needsJobUnderWay(_ options: SimulationOptions) -> Bool {
            switch kind {
            case .killedTrackers: true
            case .stoppedTracker: options.kind == .staged && options.trackers == 1 && !isEnd
            default: false
            }
        }
    }

    /// A lease is ten seconds: some pauses are longer and some are not.
    private static let pauseMax = 20_000
    private static let pauseHarmlessMax = 6000
    /// Shorter than the deadline of a query.
    private static let unansweredMax = 4000
    private static let slownessFactors = 2...50
    /// Joining takes a while in addition to the transfer, and faults should strike then too.
    private static let startMax = Duration.milliseconds(200)
    /// Late means after the others began, and before the tracker gives up peers that never came.
    private static let lateMax = 8000
    private static let killedTrackersEvery = 4
    private static let lostTrackersEvery = 2
    private static let stoppedTrackersEvery = 2

    package private(set) var kinds: [FaultKind] = []
    package private(set) var steps: [Step] = []
    package private(set) var joinsAt: [Tick?]
    package private(set) var mischief: [Mischief]
    package private(set) var disks: [DiskModel?]
    package private(set) var slowness: [Double]
    package private(set) var jitterMax = Duration.zero
    /// Whether a rank that wants something must get it.
    package private(set) var isDemanded: [Bool]
    /// Nil if no archive ends early, otherwise the first of its parts that is not complete.
    package private(set) var archiveEndsAt: Int?
    /// Whether the ranks are struck that alone have the content.
    private var losesContent = false
    package let healsAt: Tick
    package private(set) var endsAt: Tick
    /// Whether the publisher has sealed a piece that no living rank can send.
    private var isSpoilt = false

    init(_ options: SimulationOptions, bound: Duration) {
        let count = options.rankCount
        joinsAt = [Tick?](repeating: nil, count: count)
        mischief = [Mischief](repeating: [], count: count)
        disks = [DiskModel?](repeating: nil, count: count)
        slowness = [Double](repeating: 1, count: count)
        isDemanded = (0..<count).map { $0 >= options.firstReceiver }
        guard !options.faults.isNone else {
            healsAt = .zero
            endsAt = .never
            return
        }
        healsAt = .zero + bound + options.staged.unpackingTime + .seconds(30)
        // If no peer has pieces that another lacks, as when pieces are fetched in order, all of
        // them come from the sources.
        let star =
            Double(options.peers) * options.byteCount / (options.sourceUp * Double(options.sources))
        let patience = max(bound * 4, star.isFinite ? .seconds(star * 2) : .zero)
        // The users of a standing job order its end when everything has settled.
        let settling = Duration.seconds(options.kind == .standing ? 60 : 0)
        endsAt = healsAt + patience + settling + .seconds(120)
        var chance = Chance(seed: options.seed ^ 0x6661_756C)
        let common = options.faults.kinds.filter { $0.canStrike(options) && !$0.isOfTrackers }
        kinds = common.filter { chance.below($0.rarity(options)) == 0 }
        if kinds.isEmpty, !common.isEmpty { kinds = [common[chance.below(common.count)]] }
        if count > MessageDelays.jitteryRanksMax { kinds.removeAll { $0 == .jitter } }
        let span = Int((bound + Self.startMax).wholeNanoseconds / 1_000_000)
        for kind in kinds { strike(kind, within: span, options, &chance) }
        killTrackers(options, within: span)
        loseTracker(options, within: span)
        stopTracker(options, within: span)
    }

    /// Drawn from a generator of its own, so that the other kinds keep their shares.
    private mutating func killTrackers(_ options: SimulationOptions, within span: Int) {
        var chance = Chance(seed: options.seed ^ 0x6865_6972)
        let strikes = chance.below(Self.killedTrackersEvery) == 0 || kinds.isEmpty
        guard strikes, options.faults.kinds.contains(.killedTrackers),
            FaultKind.killedTrackers.canStrike(options)
        else { return }
        kinds.append(.killedTrackers)
        let time = Tick.zero + .milliseconds(chance.below(span))
        for tracker in 0..<options.trackers {
            steps.append(Step(time: time, kind: .killedTrackers, rank: tracker, isEnd: false))
        }
    }

    /// Drawn from a generator of its own too. The remaining trackers can still query each other.
    private mutating func loseTracker(_ options: SimulationOptions, within span: Int) {
        var chance = Chance(seed: options.seed ^ 0x7472_6B72)
        let strikes = chance.below(Self.lostTrackersEvery) == 0 || kinds.isEmpty
        let victims = Self.dispensable(options).filter { $0 != .first }
        guard strikes, options.faults.kinds.contains(.lostTracker), !victims.isEmpty else {
            return
        }
        kinds.append(.lostTracker)
        let rank = Int(victims[chance.below(victims.count)].raw)
        let time = Tick.zero + .milliseconds(chance.below(span))
        steps.append(Step(time: time, kind: .lostTracker, rank: rank, isEnd: false))
    }

    /// Spares a job that loses a tracker: two that are away at once may separate the rest.
    private mutating func stopTracker(_ options: SimulationOptions, within span: Int) {
        var chance = Chance(seed: options.seed ^ 0x7374_6F70)
        let strikes = chance.below(Self.stoppedTrackersEvery) == 0 || kinds.isEmpty
        let victims = stoppable(options)
        guard strikes, options.faults.kinds.contains(.stoppedTracker), !victims.isEmpty,
            !kinds.contains(.lostTracker)
        else { return }
        let victim = victims[chance.below(victims.count)]
        let time = Tick.zero + .milliseconds(chance.below(span))
        let length = 1 + chance.below(Self.pauseMax)
        // The contents of a stopped tracker's peers may be taken for unknown, so it must be back
        // before a query's deadline, and is not stopped if peers come and go. In such jobs, answers
        // that go by way of any stopped tracker have to be in time.
        let ownsAny = options.grouping.group(of: victim).contains {
            options.isSource(Int($0.raw))
        }
        let isOpen = options.kind == .standing && kinds.contains(.lateJoin)
        guard !ownsAny || !isOpen else { return }
        kinds.append(.stoppedTracker)
        addSteps(
            .stoppedTracker, Int(victim.raw), at: time,
            ownsAny || isOpen ? min(length, Self.unansweredMax) : length)
    }

    /// A single tracker of a staged job may stop for so long that an heir takes over.
    private func stoppable(_ options: SimulationOptions) -> [Rank] {
        guard options.kind == .staged, options.trackers == 1 else {
            return Self.dispensable(options)
        }
        let hasHeir = FaultKind.killedTrackers.canStrike(options)
        return hasHeir && !kinds.contains(.killedTrackers) ? [.first] : []
    }

    /// Trackers without which the others can still query each other.
    private static func dispensable(_ options: SimulationOptions) -> [Rank] {
        let trackers = options.grouping.trackers
        guard trackers.count > 1 else { return [] }
        return trackers.filter { victim in
            var lost = [Bool](repeating: false, count: trackers.count)
            lost[Int(victim.raw)] = true
            let other = victim == .first ? trackers[1] : .first
            let hops = options.overlay.topology.distances(from: other, without: lost)
            return hops.indices.allSatisfy { hops[$0] != nil || lost[$0] }
        }
    }

    /// Nothing is required of that rank any more.
    mutating func excuse(_ rank: Rank) { isDemanded[Int(rank.raw)] = false }

    /// The first source, or the second where the first is killed.
    func sparedSource(_ options: SimulationOptions) -> Int {
        let others = kinds.contains(.killedPublisher) && !options.staged.isArchive
        return options.trackers + (others ? 1 : 0)
    }

    /// The content can no longer be obtained: every rank must have noticed that by the end.
    package var isOrphaned: Bool { losesContent || isSpoilt }

    /// Finds out whether ranks cannot finish because the publisher sealed a piece as a disk had
    /// spoilt it, and no living rank has these bytes: the source has others. Then they only have to
    /// notice it. The tracker first asks each rank that sees the source, several times, and waits.
    mutating func noteSpoilt(in network: SimulatedNetwork) -> Bool {
        guard !isOrphaned, network.state.isAnySpoilt else { return false }
        isSpoilt = true
        endsAt = endsAt + .seconds(300)
        return true
    }

    private mutating func strike(
        _ kind: FaultKind, within span: Int, _ options: SimulationOptions, _ chance: inout Chance
    ) {
        if kind == .jitter {
            jitterMax = .milliseconds(1 + chance.below(50))
            return
        }
        if kind == .brokenArchive {
            archiveEndsAt = chance.below(options.staged.archiveParts + 1)
            losesContent = true
            return
        }
        if kind == .orphan {
            losesContent = true
            for source in options.trackers..<options.firstReceiver {
                let time = Tick.zero + .milliseconds(chance.below(span))
                steps.append(Step(time: time, kind: kind, rank: source, isEnd: false))
            }
            return
        }
        if kind == .killedPublisher {
            let time = Tick.zero + .milliseconds(chance.below(span))
            steps.append(Step(time: time, kind: kind, rank: options.trackers, isEnd: false))
            // Only one rank reads an archive.
            if options.staged.isArchive { losesContent = true }
            return
        }
        // The trackers and a source are spared.
        let spared = sparedSource(options) + 1
        let needsSources =
            options.kind == .staged && options.collected == nil
            && (kind.isMischief || options.staged.isDescribed)
        let first = needsSources ? options.firstReceiver : spared
        let others = options.rankCount - first
        guard others > 0 else { return }
        let victims = 1 + chance.below(max(1, others / 5))
        for _ in 0..<victims {
            let rank = first + chance.below(others)
            let time = Tick.zero + .milliseconds(chance.below(span))
            strike(kind, rank, at: time, options, &chance)
        }
    }

    private mutating func strike(
        _ kind: FaultKind, _ rank: Int, at time: Tick, _ options: SimulationOptions,
        _ chance: inout Chance
    ) {
        switch kind {
        case .lateJoin:
            joinsAt[rank] = min(time, .zero + .milliseconds(chance.below(Self.lateMax)))
        case .kill:
            isDemanded[rank] = false
            steps.append(Step(time: time, kind: kind, rank: rank, isEnd: false))
        case .pause:
            let length = 1 + chance.below(Self.pauseMax)
            // The others may end the job without a rank that was away for long.
            if length > Self.pauseHarmlessMax { isDemanded[rank] = false }
            addSteps(kind, rank, at: time, length)
        case .slow:
            let factor =
                Self.slownessFactors.lowerBound
                + chance.below(
                    Self.slownessFactors.count)
            slowness[rank] = Double(factor)
            addSteps(kind, rank, at: time, 1 + chance.below(Self.pauseMax))
        case .shortWrite, .failingDisk, .fullDisk, .bitRot, .unreadable:
            spoilDisk(kind, rank, options, &chance)
        case .wrongBytes, .wrongPiece, .staleHave, .silent, .flood, .malformed:
            mischief[rank].formUnion(kind.mischief)
            isDemanded[rank] = false
        case .jitter, .orphan, .killedPublisher, .killedTrackers, .lostTracker, .stoppedTracker,
            .brokenArchive:
            break
        }
    }

    private mutating func addSteps(
        _ kind: FaultKind, _ rank: Int, at time: Tick, _ milliseconds: Int
    ) {
        let end = min(time + .milliseconds(milliseconds), healsAt)
        steps.append(Step(time: time, kind: kind, rank: rank, isEnd: false))
        steps.append(Step(time: end, kind: kind, rank: rank, isEnd: true))
    }

    private mutating func spoilDisk(
        _ kind: FaultKind, _ rank: Int, _ options: SimulationOptions, _ chance: inout Chance
    ) {
        var model = disks[rank] ?? options.disk
        switch kind {
        case .shortWrite: model.shortWriteEvery = 1 + chance.below(8)
        case .failingDisk:
            model.failingFromWrite = 1 + chance.below(options.pieces)
            isDemanded[rank] = false
        case .fullDisk:
            model.capacity = Int64(chance.below(options.pieces)) * Int64(options.pieceLength)
            isDemanded[rank] = false
        case .unreadable: model.unreadableEvery = 2 + chance.below(40)
        default: model.rotEvery = 1 + chance.below(20)
        }
        disks[rank] = model
    }
}
