import CommandLine
import Simulation

/// The meaning of a command line of `simulate --faults random`: the given options are the same in
/// all runs, and the seed decides the rest.
struct CampaignPlan {
    let shape: CampaignShape
    /// The options that make the same jobs of the same seeds.
    private let words: [String]

    private struct Part {
        let option: String
        /// Nil for a switch that is not set.
        let value: String?
        let fixes: CampaignShape.Drawn

        init(_ option: String, _ value: String?, fixes: CampaignShape.Drawn = []) {
            self.option = option
            self.value = value
            self.fixes = fixes
        }
    }

    init(_ given: SimulateOptions) throws(SuperPeerError) {
        var options = try SimulationPlan(given).options
        options.faults = .all
        var drawn = CampaignShape.Drawn.all
        var words: [String] = []
        // An option with its default value counts as not given.
        let usual = Self.parts(of: SimulateOptions())
        for (part, usual) in zip(Self.parts(of: given), usual) where part.value != usual.value {
            drawn.subtract(part.fixes)
            words.append("--\(part.option)")
            if let value = part.value, !value.isEmpty { words.append(value) }
        }
        shape = CampaignShape(options, drawn: drawn)
        self.words = words
    }

    /// The one command that runs a seed again.
    func replay(_ seed: UInt64) -> String {
        (["mpiswarm", "simulate", "--faults", "random"] + words + ["--seeds", "\(seed)..\(seed)"])
            .joined(separator: " ")
    }

    private static func parts(of given: SimulateOptions) -> [Part] {
        whatToSend(given) + links(given) + behaviour(given)
    }

    private static func whatToSend(_ given: SimulateOptions) -> [Part] {
        [
            Part("job", given.job.rawValue, fixes: .kind),
            Part("peers", "\(given.peers)", fixes: .peers),
            Part("sources", "\(given.sources)", fixes: .sources),
            Part("writers", "\(given.writers)", fixes: .writers),
            Part("pieces", given.pieces.map { "\($0)" }, fixes: .pieces),
            Part("piece-size", given.pieceSize?.description, fixes: .pieceLength),
            Part("size", given.size?.description, fixes: [.pieces, .pieceLength]),
        ]
    }

    private static func links(_ given: SimulateOptions) -> [Part] {
        [
            Part("nic", given.nic?.description, fixes: [.up, .down, .sourceUp]),
            Part("up", given.up.description, fixes: [.up, .sourceUp]),
            Part("down", given.down?.description, fixes: .down),
            Part("source-up", given.sourceUp?.description, fixes: .sourceUp),
            Part("latency", given.latency.shortText, fixes: .latency),
            Part("slow-share", "\(given.slowShare)"),
            Part("slow-factor", "\(given.slowFactor)"),
        ]
    }

    private static func behaviour(_ given: SimulateOptions) -> [Part] {
        [
            Part("policy", given.policy.rawValue, fixes: .serving),
            Part("picker", given.picker.rawValue, fixes: .picker),
            Part("degree", "\(given.degree)"),
            Part("active", "\(given.active)", fixes: .sends),
            Part("slots", "\(given.slots)", fixes: .sends),
            Part("interval", given.interval.shortText, fixes: .interval),
            Part("smart-source", given.smartSource ? "" : nil, fixes: .smartSource),
            Part("join-rate", given.joinRate.map { "\($0)" }),
            Part("no-endgame", given.endgame ? nil : ""),
            Part("trackers", "\(given.trackers)", fixes: .trackers),
            Part("topology", given.topology, fixes: .topology),
            Part("ttl", given.timeToLive.map { "\($0)" }),
        ]
    }
}
