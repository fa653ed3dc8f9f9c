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
    func removeSocketOfDead(_ rank: Rank) { removeSocket(of: rank, job: jobName(options)) }
    return try asRank(
        ranksMin: 2, outputs: outputs, ending, beforeEnd: removeSockets,
        afterEnd: removeSocketOfDead
    ) { (world, deaths) throws(LaunchError) in
        let job = jobName(options)
        let superPeers: SuperPeers
        do throws(SuperPeerError) {
            superPeers = try SuperPeers(options.superPeers, world, areTrackersPeers: false)
        } catch {
            // All ranks see it, and one says it.
            guard world.rank == .first else { return 0 }
            say("mpiswarm: serve: \(error.sentence)\n", on: .error)
            return UsageError.exitStatus
        }
        return superPeers.isTracker(world.rank)
            ? ServeTracker(
                options: options, superPeers: superPeers, job: job, ending, deaths
            ).track(world)
            : try ServePeer(
                options: options, grouping: superPeers.grouping, job: job,
                sockets: sockets, deaths: deaths
            ).serve(world)
    }
}

/// That of the command line, or else the launcher's, in which it puts characters of its own.
private func jobName(_ options: ServeOptions) -> String {
    if let name = options.job { return name }
    let job = "job-\(environmentVariable("PMIX_NAMESPACE") ?? "\(getppid())")"
    return String(job.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
}

/// A rank that was killed has left its socket. Its supervisor alone is sure to be there still, and
/// on the same machine.
private func removeSocket(of rank: Rank, job: String) {
    do throws(ControlError) {
        let runtime = environmentVariable("XDG_RUNTIME_DIR")
        for folder in try ControlFolder.all(runtimeFolder: runtime) {
            folder.removeAbandonedSocket(job: job, rank: Int(rank.raw))
        }
    } catch {
        // A folder that another user could have made holds no socket of ours.
        return
    }
}
