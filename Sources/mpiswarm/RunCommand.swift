import CommandLine
import Launch
import MPITransport
import Vocabulary

/// `mpiswarm run DIR`: classic inputs, one per peer. Rank 0 tracks, the others are peers.
func run(_ options: RunOptions) throws(LaunchError) -> Int32 {
    try asRank(ranksMin: 2) { (world) throws(LaunchError) in
        world.rank == .first
            ? RunTracker(options: options).track(world) : try RunPeer(options: options).serve(world)
    }
}
