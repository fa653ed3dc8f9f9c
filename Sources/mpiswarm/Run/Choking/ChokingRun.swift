import CommandLine
import Content
import Launch
import MPITransport
import Storage
import Swarm
import Vocabulary

/// A rank of a swarm that lives by choking.
struct ChokingRun {
    let options: RunOptions
    let superPeers: SuperPeers
    let contents: PeerContents
    let ending: JobEnding
    let deaths: DeathWatch

    /// Ranks that are no peers, from rank 0 on.
    private var trackerCount: Int { superPeers.grouping.trackerCount }

    func takePart(_ world: borrowing MPIWorld) throws(LaunchError) -> Int32 {
        let input = input(rankCount: world.rankCount)
        guard superPeers.isTracker(world.rank) else {
            return try ChokingPeer(
                options: options, contents: contents, input: input,
                grouping: superPeers.grouping, ending, deaths
            ).serve(world)
        }
        var tracker = RunTracker(
            options: options, superPeers: superPeers, ending, deaths)
        tracker.ownersMustAgree = true
        tracker.leavesParts = true
        switch input {
        case .success(let input): tracker.names = input.names(trackerCount: trackerCount)
        case .failure(let refusal): tracker.refusal = refusal.sentence
        }
        return tracker.track(world)
    }

    private func input(rankCount: Int) -> Result<ChokingInput, ChokingError> {
        do throws(ChokingError) {
            let input = try ChokingInput(below: options.directory)
            let peerCount = input.roster.peers.count
            guard peerCount + trackerCount == rankCount else {
                throw .otherRankCount(
                    "\(options.directory)/PeerInfo.cfg", peers: peerCount, trackers: trackerCount,
                    ranks: rankCount)
            }
            return .success(input)
        } catch { return .failure(error) }
    }
}
