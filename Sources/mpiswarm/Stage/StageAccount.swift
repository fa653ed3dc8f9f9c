import CommandLine
import Control
import Staging
import Swarm
import Vocabulary

/// The report on a job of `stage` that another rank prints when rank 0 is lost, and the plan with
/// it: the number of complete copies.
struct StageAccount: Sendable {
    let options: StageOptions
    let order: StageOrder
    let clock: ProcessClock
    let log: JobLog

    private func isReceiver(_ rank: Rank) -> Bool { order.receivers.contains(rank) }

    func report(_ tracker: borrowing Tracker) -> Int32 {
        let peers = tracker.accounts
        var failures: [Rank: String] = [:]
        for peer in peers {
            failures[peer.rank] = peer.stagingFailure(matters: isReceiver(peer.rank))
        }
        for peer in peers {
            guard let words = failures[peer.rank] else { continue }
            log.print("mpiswarm: rank \(peer.rank): \(harmless(words))")
        }
        let good = peers.count { isReceiver($0.rank) && failures[$0.rank] == nil }
        let line = "\(good) of \(order.receivers.count) copies are complete; rank 0 was lost"
        log.print(line, on: StageOutputs.stream(options))
        let document = StageDocument(
            peers: peers, failures: failures, total: ByteCount(order.byteCount),
            files: Int(order.fileCount), seconds: max((clock.now - .zero).inSeconds, 0.001))
        _ = StageOutputs(options: options, names: RankNames(), log: log)
            .write(document, line, isReceiver)
        return 1
    }

    func interruptedWords(_ peers: [PeerRow]) -> String {
        Self.interruptedWords(options, peers, isReceiver)
    }

    static func interruptedWords(
        _ options: StageOptions, _ peers: [PeerRow], _ isReceiver: (Rank) -> Bool
    ) -> String {
        if options.check { return "interrupted before the check was complete" }
        if options.dryRun { return "interrupted before the dry run was complete" }
        let receivers = peers.filter { isReceiver($0.rank) }
        let complete = receivers.count(where: \.hasItsCopy)
        return "interrupted: \(complete) of \(receivers.count) copies complete; "
            + "a rerun does the rest"
    }
}
