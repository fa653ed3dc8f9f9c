import CommandLine
import Content
import Launch
import MPITransport
import Node
import Staging
import Storage
import Vocabulary
import Wire

/// `mpiswarm stage SOURCE... DEST`: every rank is a peer, and rank 0 tracks besides.
func stage(_ options: StageOptions) throws(LaunchError) -> Int32 {
    let vaults = Mailbox<TreeVault>()
    let putDown: @Sendable () -> Void = {
        var found: [TreeVault] = []
        vaults.empty(into: &found)
        for vault in found { vault.flush() }
    }
    return try asRank(ranksMin: 1, beforeEnd: putDown) { (world) throws(LaunchError) in
        if let line = StageRanks.refusal(options, rankCount: world.rankCount) {
            if world.rank == .first { say("mpiswarm: stage: \(line)\n", on: .error) }
            return world.rank == .first ? UsageError.exitStatus : 0
        }
        if options.digest == .sha256, !Digester.computes(.sha256) {
            if world.rank == .first {
                say("mpiswarm: stage: \(lackingText(.sha256))\n", on: .error)
            }
            return world.rank == .first ? UsageError.exitStatus : 0
        }
        let clock = ProcessClock()
        let library = StageLibrary()
        let peer = StagePeer(options, world, clock, library, vaults)
        guard world.rank == .first else {
            // The verdict is rank 0's, unless it was killed: then a clean end would look like one.
            return try peer.takePart(endpoint(world, .download), endpoint(world, .upload)) ? 0 : 1
        }
        let wish: StageWish
        switch StageWish.of(options) {
        case .success(let made): wish = made
        case .failure(let flaw):
            // The others wait for an order; that we leave ends them.
            say("mpiswarm: stage: \(flaw.sentence)\n", on: .error)
            return UsageError.exitStatus
        }
        let tracker = StageTracker(options, clock, library, wish, rankCount: world.rankCount)
        let network = endpoint(world, .tracker, .overlay)
        let verdict = Mailbox<Int32>()
        let tracking = try NamedThread(name: "tracker", network) {
            verdict.put(tracker.track($0))
        }
        try peer.takePart(endpoint(world, .download), endpoint(world, .upload))
        try tracking.join()
        var verdicts: [Int32] = []
        verdict.empty(into: &verdicts)
        return verdicts.first ?? 1
    }
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
