import CommandLine
import Simulation
import Swarm
import Vocabulary

/// The meaning of a command line of `simulate`.
struct SimulationPlan {
    let options: SimulationOptions
    /// More pieces would take longer to simulate and hardly change the result: the finer the
    /// pieces, the closer to the bound.
    static let piecesUnlessAsked = 1000
    /// The file would have smaller pieces in a real job.
    let isCoarser: Bool

    private static let pieceSizeUsual = 1 << 20

    /// Fails if the topology is in a file that is not valid.
    init(_ given: SimulateOptions) throws(SuperPeerError) {
        var options = SimulationOptions()
        options.kind = JobKind(given.job)
        if given.job == .collect {
            options.collected = CollectedOptions()
            options.collected?.writersMax = given.writers
        }
        options.peers = given.peers
        options.sources = given.sources
        options.files = given.files
        let up = given.nic ?? given.up
        options.peerUp = up.bytesPerSecond
        options.peerDown = (given.nic ?? given.down ?? given.up).bytesPerSecond
        options.sourceUp = (given.nic ?? given.sourceUp ?? up).bytesPerSecond
        options.sourceDown = options.peerDown
        options.latency.base = given.latency
        options.serving = Serving(given.policy)
        options.picker = PickerChoice(given.picker)
        options.degree = given.degree
        options.sendsActiveMax = given.active
        options.preferredMax = given.slots
        options.unchokingInterval = given.interval
        options.offersWhatItOwns = given.smartSource
        // A peer that serves five at once takes long for each piece.
        if given.policy == .titForTat { options.piecePatienceMin = .seconds(60) }
        options.hasEndgame = given.endgame
        options.slowShare = Double(given.slowShare) / 100
        options.slowFactor = Double(given.slowFactor)
        options.joinRate = given.joinRate.map(Double.init) ?? .infinity
        options.trackers = given.trackers
        if let name = given.topology {
            options.topology = try Topology(named: name, trackers: given.trackers)
        }
        options.timeToLive = given.timeToLive
        (options.pieces, options.pieceLength) = Self.cut(given)
        if let size = given.size?.bytes {
            options.lastPieceShorterBy = options.pieces * options.pieceLength - size
        }
        isCoarser =
            given.pieces == nil && given.pieceSize == nil
            && options.pieceLength > Self.pieceSizeUsual
        self.options = options
    }

    private static func cut(_ given: SimulateOptions) -> (pieces: Int, pieceLength: Int) {
        guard let size = given.size?.bytes else {
            return (given.pieces ?? 400, given.pieceSize?.bytes ?? pieceSizeUsual)
        }
        if let pieceSize = given.pieceSize?.bytes {
            let length = max(1, pieceSize)
            return (max(1, size / length + (size % length > 0 ? 1 : 0)), length)
        }
        let wished = given.pieces ?? min(piecesUnlessAsked, max(1, size / pieceSizeUsual))
        let length = max(1, size / wished + (size % wished > 0 ? 1 : 0))
        // A short file may need fewer pieces of that length.
        return (max(1, size / length + (size % length > 0 ? 1 : 0)), length)
    }
}

extension Serving {
    init(_ policy: SimulateOptions.Policy) {
        switch policy {
        case .cooperative: self = .cooperative
        case .titForTat: self = .titForTat
        case .onRequest: self = .onRequest
        }
    }
}

extension SimulationOptions {
    /// The command that starts such a job.
    var command: String {
        switch kind {
        case .batch: "run"
        case .staged: collected == nil ? "stage" : "collect"
        case .standing: "serve"
        }
    }
}

extension JobKind {
    init(_ job: SimulateOptions.Job) {
        switch job {
        case .run: self = .batch()
        case .stage, .collect: self = .staged
        case .serve: self = .standing
        }
    }
}

extension PickerChoice {
    init(_ picker: SimulateOptions.Picker) {
        switch picker {
        case .rarestFirst: self = .rarestFirst
        case .sequential: self = .sequential
        case .random: self = .random
        case .roundRobin: self = .roundRobin
        }
    }
}
