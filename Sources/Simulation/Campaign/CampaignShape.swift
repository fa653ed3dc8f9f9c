import Swarm
import Vocabulary

/// The jobs of a campaign. Settings that the user did not give are drawn from the seed alone, so
/// that the seed replays its run.
package struct CampaignShape: Sendable {
    package struct Drawn: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        package static let peers = Drawn(rawValue: 1)
        package static let sources = Drawn(rawValue: 2)
        package static let pieces = Drawn(rawValue: 4)
        package static let pieceLength = Drawn(rawValue: 8)
        package static let up = Drawn(rawValue: 16)
        package static let down = Drawn(rawValue: 32)
        package static let sourceUp = Drawn(rawValue: 64)
        package static let latency = Drawn(rawValue: 128)
        package static let serving = Drawn(rawValue: 256)
        package static let picker = Drawn(rawValue: 512)
        package static let sends = Drawn(rawValue: 1024)
        package static let interval = Drawn(rawValue: 2048)
        package static let smartSource = Drawn(rawValue: 4096)
        package static let trackers = Drawn(rawValue: 8192)
        package static let topology = Drawn(rawValue: 16384)
        package static let kind = Drawn(rawValue: 32768)
        package static let writers = Drawn(rawValue: 65536)
        package static let all = Drawn(rawValue: 131071)
    }

    private static let peerCounts = 3...14
    private static let pieceCounts = 5...60
    /// Piece lengths, as powers of two.
    private static let lengths = 10...18
    /// The time that a peer takes to send the content once: few events, and long waits.
    private static let seconds = [0.2, 1, 3, 10, 20]
    private static let latencies: [Duration] = [
        .microseconds(50), .microseconds(200), .milliseconds(1), .milliseconds(5),
        .milliseconds(20),
    ]
    private static let labelsEvery = 12
    private static let slowDisksEvery = 4
    private static let severalTrackersEvery = 3
    private static let longManifestsEvery = 4
    private static let trackerCounts = 2...4
    private static let stagedEvery = 2
    /// Counts only the staged jobs with several sources.
    private static let describedEvery = 3
    /// Counts only the jobs that are not staged.
    private static let standingEvery = 2
    private static let collectedEvery = 8
    /// Counts only the staged jobs whose source is not described and not collected.
    private static let archivedEvery = 4
    private static let archivePartCounts = 1...8
    /// The time that unpacking takes, as a share of the time that a peer takes to send the content.
    private static let unpackingShares = [0.1, 0.5, 1, 2]
    private static let writerCounts = 1...4

    package let options: SimulationOptions
    package let drawn: Drawn

    package init(_ options: SimulationOptions, drawn: Drawn) {
        self.options = options
        self.drawn = drawn
    }

    /// Every setting is drawn in one order, whether it is used or not, so that a setting of the
    /// user changes no other one.
    package func options(of seed: UInt64) -> SimulationOptions {
        var options = options
        options.seed = seed
        options.checksInvariants = true
        var chance = Chance(seed: seed ^ 0x7368_6170)
        drawSwarm(&options, &chance)
        drawContent(&options, &chance)
        drawLinks(&options, &chance)
        drawRules(&options, &chance)
        drawTrackers(&options)
        drawKind(&options)
        var deaths = Chance(seed: seed ^ 0x6465_6174)
        options.reportsDeaths = deaths.below(2) == 0
        var manifests = Chance(seed: seed ^ 0x6D61_6E69)
        options.hasLongManifest = manifests.below(Self.longManifestsEvery) == 0
        return options
    }

    /// Drawn from a generator of its own, so that the seed draws for everything else what it drew
    /// before there were several trackers.
    private func drawTrackers(_ options: inout SimulationOptions) {
        var chance = Chance(seed: options.seed ^ 0x7472_6163)
        let areSeveral = chance.below(Self.severalTrackersEvery) == 0
        let count = chance.one(of: Self.trackerCounts)
        let shape = chance.below(3)
        if drawn.contains(.trackers) { options.trackers = areSeveral ? count : 1 }
        // A topology of the user fits the number of trackers that the user gave.
        guard drawn.contains(.topology) else { return }
        switch shape {
        case 0: options.topology = .full(options.trackers)
        case 1: options.topology = .line(options.trackers)
        default: options.topology = .ring(options.trackers)
        }
    }

    /// Drawn from a generator of its own too. Staged contents have bytes, and all ranks are there
    /// from the start.
    private func drawKind(_ options: inout SimulationOptions) {
        var chance = Chance(seed: options.seed ^ 0x7374_6167)
        let isStaged = chance.below(Self.stagedEvery) == 0
        if drawn.contains(.kind) {
            options.kind = isStaged ? .staged : isStanding(options.seed) ? .standing : .batch()
            if isCollected(options.seed) {
                options.kind = .staged
                options.collected = CollectedOptions()
            }
        }
        if options.kind == .standing { drawStanding(&options) }
        guard options.kind == .staged else { return }
        options.carriesBytes = true
        options.staged.isSeenByAll = chance.below(3) == 0
        options.staged.sourcesKeepCopies = chance.below(2) == 0
        options.staged.readersMax = chance.one(of: 1...4)
        options.staged.ranksPerHost = chance.one(of: 1...4)
        let hasOwnDisk = chance.below(3) == 0
        options.staged.hasOwnDisk = hasOwnDisk && options.sources > 1
        options.staged.differingEvery = chance.below(2) * chance.one(of: 2...5)
        options.staged.inPlaceShare = chance.below(3) == 0 ? 0.3 : 0
        options.staged.resumedShare = chance.below(2) == 0 ? 0.4 : 0
        options.staged.outdatedEvery = chance.below(2) * chance.one(of: 2...5)
        drawDescription(&options)
        drawArchive(&options)
        drawCollected(&options)
    }

    /// Drawn from a generator of its own. One rank reads an archive, and no rank can compare it
    /// with another.
    private func drawArchive(_ options: inout SimulationOptions) {
        var chance = Chance(seed: options.seed ^ 0x6172_6368)
        guard !options.staged.isDescribed, options.collected == nil,
            chance.below(Self.archivedEvery) == 0
        else { return }
        options.staged.archiveParts = chance.one(of: Self.archivePartCounts)
        let share = Self.unpackingShares[chance.below(Self.unpackingShares.count)]
        options.staged.unpackingTime = .seconds(options.byteCount / options.peerUp * share)
        options.staged.repeatsName = chance.below(3) == 0
        // Parts are kept by ranks that share their disk with no other.
        if chance.below(2) == 0 { options.staged.ranksPerHost = 1 }
        options.staged.hasOwnDisk = false
        options.staged.differingEvery = 0
    }

    /// Drawn from a generator of its own. No rank has all of the source then.
    private func drawDescription(_ options: inout SimulationOptions) {
        var chance = Chance(seed: options.seed ^ 0x6465_7363)
        guard options.sources > 1, chance.below(Self.describedEvery) == 0 else { return }
        options.staged.isDescribed = true
        options.staged.isSeenByAll = false
        options.staged.hasOwnDisk = false
        options.staged.differingEvery = 0
    }

    /// Takes seeds of all other kinds. The remaining seeds draw what they drew before any job
    /// collected.
    private func isCollected(_ seed: UInt64) -> Bool {
        var chance = Chance(seed: seed ^ 0x696E_746F)
        return chance.below(Self.collectedEvery) == 0
    }

    /// Drawn from a generator of its own. Such a job has one tracker, no common source and no
    /// policies to choose, and compares what is in place.
    private func drawCollected(_ options: inout SimulationOptions) {
        guard var collected = options.collected else { return }
        var chance = Chance(seed: options.seed ^ 0x7772_6974)
        let writers = chance.one(of: Self.writerCounts)
        if drawn.contains(.writers) { collected.writersMax = writers }
        collected.isOfEachHost = chance.below(3) == 0
        collected.isOfFirst = chance.below(2) == 0
        let removals: [SourceRemovalRule] = [.never, .together, .forEach, .forEach, .forEach]
        collected.removal = removals[chance.below(removals.count)]
        options.collected = collected
        options.trackers = 1
        options.topology = nil
        options.serving = .cooperative
        options.picker = .rarestFirst
        options.staged.isSeenByAll = false
        options.staged.hasOwnDisk = false
        options.staged.differingEvery = 0
        options.staged.isDescribed = false
        options.staged.inPlaceShare = 0
    }

    private func isStanding(_ seed: UInt64) -> Bool {
        var chance = Chance(seed: seed ^ 0x7374_616E)
        return chance.below(Self.standingEvery) == 0
    }

    /// Users of a standing job cannot choose the policies of the swarm.
    private func drawStanding(_ options: inout SimulationOptions) {
        var chance = Chance(seed: options.seed ^ 0x6F72_6465)
        options.carriesBytes = true
        options.serving = .cooperative
        options.picker = .rarestFirst
        options.standing.passing = chance.one(of: 1...3)
        options.standing.hasRivals = chance.below(3) == 0
        options.standing.ordersPerRank = chance.one(of: 1...6)
    }

    /// Whether such a fault can happen in any of the jobs.
    func mayStrike(_ kind: FaultKind) -> Bool {
        guard !drawn.contains(.kind) else { return true }
        switch kind {
        case .killedPublisher: return options.kind == .staged && options.collected == nil
        case .brokenArchive: return options.kind == .staged && options.collected == nil
        case .killedTrackers: return options.kind == .staged
        case .orphan: return options.kind != .standing && options.collected == nil
        case .lostTracker: return options.collected == nil
        default: return true
        }
    }

    private func drawSwarm(_ options: inout SimulationOptions, _ chance: inout Chance) {
        let peers = chance.one(of: Self.peerCounts)
        let sources = chance.one(of: 1...2)
        if drawn.contains(.peers) { options.peers = peers }
        if drawn.contains(.sources) { options.sources = sources }
    }

    private func drawContent(_ options: inout SimulationOptions, _ chance: inout Chance) {
        let pieces = chance.one(of: Self.pieceCounts)
        let length = 1 << chance.one(of: Self.lengths)
        let isEven = chance.below(2) == 0
        let shortness = chance.below(length)
        let isLabels = chance.below(Self.labelsEvery) == 0
        if drawn.contains(.pieces) { options.pieces = pieces }
        guard drawn.contains(.pieceLength) else { return }
        options.pieceLength = length
        options.lastPieceShorterBy = isEven ? 0 : shortness
        options.carriesBytes = !isLabels
    }

    private func drawLinks(_ options: inout SimulationOptions, _ chance: inout Chance) {
        let seconds = Self.seconds[chance.below(Self.seconds.count)]
        let downFactor = [1, 2, Double.infinity][chance.below(3)]
        let sourceFactor = [0.5, 1, 3][chance.below(3)]
        let latency = Self.latencies[chance.below(Self.latencies.count)]
        let classes = chance.one(of: 1...3)
        let isDiskSlow = chance.below(Self.slowDisksEvery) == 0
        if drawn.contains(.up) {
            options.peerUp = Double(options.pieces * options.pieceLength) / seconds
        }
        if drawn.contains(.down) { options.peerDown = options.peerUp * downFactor }
        if drawn.contains(.sourceUp) { options.sourceUp = options.peerUp * sourceFactor }
        if drawn.contains(.down) { options.sourceDown = options.peerDown }
        if drawn.contains(.latency) {
            options.latency.base = latency
            options.latency.classes = classes
        }
        if isDiskSlow {
            options.disk.writeLatency = .milliseconds(2)
            options.disk.writeRate = options.peerUp * 4
        }
    }

    private func drawRules(_ options: inout SimulationOptions, _ chance: inout Chance) {
        let serving = Serving.allCases[chance.below(Serving.allCases.count)]
        let picker = PickerChoice.allCases[chance.below(PickerChoice.allCases.count)]
        let active = chance.one(of: 1...3)
        let preferred = chance.one(of: 1...4)
        let interval = chance.one(of: 1...5)
        let isSmart = chance.below(2) == 0
        if drawn.contains(.serving) { options.serving = serving }
        if drawn.contains(.picker) { options.picker = picker }
        if drawn.contains(.sends) {
            options.sendsActiveMax = active
            options.preferredMax = preferred
        }
        if drawn.contains(.interval) { options.unchokingInterval = .seconds(interval) }
        if drawn.contains(.smartSource) { options.offersWhatItOwns = isSmart }
    }
}

extension Chance {
    fileprivate mutating func one(of range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }
}
