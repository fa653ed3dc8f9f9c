import CommandLine
import Control
import Glibc
import Launch
import MPITransport
import Node
import Storage
import Vocabulary

/// `mpiswarm serve --share DIR`: the first ranks track, the others offer what they have and hear
/// users.
func serve(_ options: ServeOptions) throws(LaunchError) -> Int32 {
    let sockets = Mailbox<String>()
    let removeSockets: @Sendable () -> Void = {
        var paths: [String] = []
        sockets.empty(into: &paths)
        for path in paths { unsafe unlink(path) }
    }
    let ending = JobEnding(nothingBegun: "interrupted before any rank served")
    let outputs = OutputPaths(command: "serve", traceFolder: options.traceDirectory)
    return try asRank(
        ranksMin: 2, outputs: outputs, ending, beforeEnd: removeSockets
    ) { (world, deaths) throws(LaunchError) in
        let job = options.job ?? "job-\(environmentVariable("PMIX_NAMESPACE") ?? "\(getppid())")"
        let name = String(job.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let superPeers: SuperPeers
        do throws(SuperPeerRefusal) {
            superPeers = try SuperPeers(options.superPeers, world, areTrackersPeers: false)
        } catch {
            // All ranks see it, and one says it.
            guard world.rank == .first else { return 0 }
            say("mpiswarm: serve: \(error.sentence)\n", on: .error)
            return UsageError.exitStatus
        }
        return superPeers.isTracker(world.rank)
            ? ServeTracker(
                options: options, superPeers: superPeers, job: options.job ?? name, ending, deaths
            ).track(world)
            : try ServePeer(
                options: options, grouping: superPeers.grouping, job: options.job ?? name,
                sockets: sockets, deaths: deaths
            ).serve(world)
    }
}
