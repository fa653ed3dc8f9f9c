import CommandLine
import Launch
import MPITransport
import Storage
import Swarm
import Vocabulary

/// `mpiswarm run DIR`: one input for each peer, or one swarm of a single file, depending on the
/// files in DIR. The first ranks track, the others are peers.
func run(_ options: RunOptions) throws(LaunchError) -> Int32 {
    let contents = PeerContents(crew: DiskWorkers(idleMax: peerDiskThreads - 1)) { sentence($0) }
    let removeParts: @Sendable () -> Void = { contents.files.abandon() }
    let ending = JobEnding(
        nothingBegun: "interrupted before the job began; the same command starts it again")
    let outputs = OutputPaths(
        command: "run", files: [("--report", options.report)], made: [options.outputFolder],
        traceFolder: options.traceDirectory)
    return try asRank(
        ranksMin: 2, outputs: outputs, ending, beforeEnd: removeParts
    ) { (world, deaths) throws(LaunchError) in
        let superPeers: SuperPeers
        do throws(SuperPeerError) {
            superPeers = try SuperPeers(options.superPeers, world, areTrackersPeers: false)
        } catch {
            return refused(error.sentence, at: world)
        }
        switch RunDialect(of: options.directory, peerCount: superPeers.peerCount(world)) {
        case .both:
            let folder = harmless(options.directory)
            return refused("\(folder) holds in1.txt as well as Common.cfg", at: world)
        case .choking:
            return try ChokingRun(
                options: options, superPeers: superPeers, contents: contents, ending: ending,
                deaths: deaths
            ).takePart(world)
        // If neither exists, the peers report the missing files.
        case .classic, .neither:
            return superPeers.isTracker(world.rank)
                ? RunTracker(options: options, superPeers: superPeers, ending, deaths).track(world)
                : try RunPeer(
                    options: options, grouping: superPeers.grouping, contents: contents, ending,
                    deaths
                ).serve(world)
        }
    }
}

/// All ranks see it, and one says it.
private func refused(_ words: String, at world: borrowing MPIWorld) -> Int32 {
    guard world.rank == .first else { return 0 }
    say("mpiswarm: run: \(words)\n", on: .error)
    return UsageError.exitStatus
}
