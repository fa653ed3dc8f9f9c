import Swarm

@testable import Simulation

extension SimulationOptions {
    /// A job of six peers and 20 pieces, whose machines are checked after each step.
    static func small(_ kind: JobKind, seed: UInt64 = 1) -> SimulationOptions {
        var options = SimulationOptions()
        options.kind = kind
        options.peers = 6
        options.pieces = 20
        options.checksInvariants = true
        options.seed = seed
        return options
    }
}
