import CommandLine
import Launch
import MPITransport
import Storage
import Vocabulary

/// `mpiswarm run DIR`: one input per peer, or one swarm of a single file; DIR tells which. Rank 0
/// tracks, the others are peers.
func run(_ options: RunOptions) throws(LaunchError) -> Int32 {
    let files = FileShelf { sentence($0) }
    let removeParts: @Sendable () -> Void = { files.abandon() }
    return try asRank(ranksMin: 2, beforeEnd: removeParts) { (world) throws(LaunchError) in
        switch RunDialect(of: options.directory, peerCount: world.rankCount - 1) {
        case .both:
            // All see it, and one says it.
            guard world.rank == .first else { return 0 }
            let folder = harmless(options.directory)
            say("mpiswarm: \(folder): holds in1.txt as well as Common.cfg\n", on: .error)
            return UsageError.exitStatus
        case .choking: return try ChokingRun(options: options, files: files).takePart(world)
        // Where there is neither, the peers say what they miss.
        case .classic, .neither:
            return world.rank == .first
                ? RunTracker(options: options).track(world)
                : try RunPeer(options: options, files: files).serve(world)
        }
    }
}
