import CommandLine
import Launch
import MPITransport
import Storage
import Vocabulary

/// `mpiswarm run DIR`: classic inputs, one per peer. Rank 0 tracks, the others are peers.
func run(_ options: RunOptions) throws(LaunchError) -> Int32 {
    let files = FileShelf { sentence($0) }
    let removeParts: @Sendable () -> Void = { files.abandon() }
    return try asRank(ranksMin: 2, beforeEnd: removeParts) { (world) throws(LaunchError) in
        world.rank == .first
            ? RunTracker(options: options).track(world)
            : try RunPeer(options: options, files: files).serve(world)
    }
}
