import CommandLine
import Content
import Launch
import MPITransport
import Node
import Staging
import Storage
import Vocabulary
import Wire

/// `mpiswarm stage SOURCE... DEST`: every rank is a peer, and the first ones are trackers, too.
func stage(_ options: StageOptions) throws(LaunchError) -> Int32 {
    let storages = Mailbox<StageStorage>()
    let ending = JobEnding(
        nothingBegun: "interrupted before anything was copied; the same command starts it again")
    let log = JobLog(path: options.log)
    let hooks: Promised<HookLine?>? = options.then == nil || options.dryRun ? nil : Promised()
    return try asRank(
        ranksMin: 1, outputs: outputs(of: options, log), ending, beforeEnd: putDown(storages),
        hooks: hooks
    ) { (world, deaths) throws(LaunchError) in
        let options = options.of(world.rank, host: world.processorName)
        if let line = options.disagreement(world) ?? refusal(of: options, at: world) {
            return refused(line, options, log, at: world)
        }
        let superPeers: SuperPeers
        do throws(SuperPeerError) {
            superPeers = try SuperPeers(options.superPeers, world, areTrackersPeers: true)
        } catch { return refused(error.sentence, options, log, at: world) }
        let filter: PathFilter
        do throws(StageFilterError) { filter = try PathFilter.agreed(options, world) } catch {
            return refused(error.words, options, log, at: world)
        }
        let job = StageJob(
            options: options, filter: filter, superPeers: superPeers, rank: world.rank, ending,
            deaths, log, hooks?.wait() ?? nil,
            destinationView: DestinationView.ranks(options, world))
        let peer = StagePeer(job, world, storages)
        guard superPeers.isTracker(world.rank) else {
            return try takePart(peer, job, world)
        }
        let tracker: StageTracker
        do throws(StageWishError) {
            tracker = try StageTracker(job, rankCount: world.rankCount)
        } catch {
            // The other ranks wait for an order, and end when this one leaves.
            return refused(error.sentence, options, log, at: world)
        }
        let verdict = Promised<Int32>()
        let network = endpoint(world, .tracker, .overlay)
        let tracking = try NamedThread(name: "tracker", network) {
            verdict.keep(tracker.track($0))
        }
        let isReported = try peer.takePart(
            endpoint(world, .download), endpoint(world, .upload))
        try tracking.join()
        let status = verdict.wait()
        return world.rank == .first || isReported ? status : 1
    }
}

private func outputs(of options: StageOptions, _ log: JobLog) -> OutputPaths {
    var outputs = OutputPaths(
        command: options.command,
        files: [
            ("--json", options.json), ("--report", options.report), ("--metrics", options.metrics),
        ],
        made: options.paths.suffix(1), traceFolder: options.traceDirectory,
        log: log)
    guard options.cache != nil else { return outputs }
    outputs.folderFlaw = { StageCache.flaw(of: options, rank: $0, host: $1) }
    return outputs
}

/// Notes the pieces that have arrived so far for the next run.
private func putDown(_ storages: Mailbox<StageStorage>) -> @Sendable () -> Void {
    {
        var found: [StageStorage] = []
        storages.empty(into: &found)
        for storage in found { storage.flush() }
    }
}

/// The reason why the ranks of this job cannot do what the options want; nil if they can.
private func refusal(of options: StageOptions, at world: borrowing MPIWorld) -> String? {
    if let line = StageRanks.refusal(options, rankCount: world.rankCount) { return line }
    guard options.digest == .sha256, !Digester.computes(.sha256) else { return nil }
    return lackingText(.sha256)
}

/// A rank that tracks only when all trackers are lost.
private func takePart(
    _ peer: StagePeer, _ job: StageJob, _ world: borrowing MPIWorld
) throws(LaunchError) -> Int32 {
    let heir = job.heir(at: world.place)
    let attending = try HeirThread(heir)
    let isReported = try peer.takePart(
        endpoint(world, .download), endpoint(world, .upload), heir: heir.notes)
    return try attending.end(isReported: isReported)
}

/// Prints the reason on one rank, although several may have found it, and returns the exit status.
private func refused(
    _ words: String, _ options: StageOptions, _ log: JobLog, at world: borrowing MPIWorld
) -> Int32 {
    guard world.rank == .first else { return 0 }
    log.print("mpiswarm: \(options.command): \(words)")
    return UsageError.exitStatus
}

private func endpoint(_ world: borrowing MPIWorld, _ tags: Tag...) -> MPIEndpoint {
    MPIEndpoint(world, reading: tags, messageSizeMax: Head.messageMax)
}

/// The lists of ranks that a command line may give.
enum StageRanks {
    static func refusal(_ options: StageOptions, rankCount: Int) -> String? {
        for (name, list) in [("--sources", options.sources), ("--receivers", options.receivers)] {
            if let list, list.highest >= rankCount {
                return "\(name) names rank \(list.highest), and the job has \(rankCount) ranks"
            }
        }
        return nil
    }

    static func ranks(_ list: RankList?) -> [Rank]? {
        list.map { $0.ranges.flatMap { $0.map { Rank(Int32($0)) } } }
    }
}
