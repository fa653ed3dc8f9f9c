import CommandLine
import Launch
import MPITransport
import Storage
import Vocabulary

/// `mpiswarm run DIR`: classic inputs, one per peer. The first ranks track, the others are peers.
func run(_ options: RunOptions) throws(LaunchError) -> Int32 {
    let files = FileShelf { sentence($0) }
    let removeParts: @Sendable () -> Void = { files.abandon() }
    return try asRank(ranksMin: 2, beforeEnd: removeParts) { (world) throws(LaunchError) in
        let superPeers: SuperPeers
        do throws(SuperPeerRefusal) {
            superPeers = try SuperPeers(options.superPeers, world, areTrackersPeers: false)
        } catch {
            if world.rank == .first { say("mpiswarm: run: \(error.sentence)\n", on: .error) }
            return world.rank == .first ? UsageError.exitStatus : 0
        }
        return superPeers.isTracker(world.rank)
            ? RunTracker(options: options, superPeers: superPeers).track(world)
            : try RunPeer(options: options, grouping: superPeers.grouping, files: files)
                .serve(world)
    }
}
