import CommandLine
import Staging
import Swarm
import Vocabulary

/// What another rank reports of a job of `stage` when rank 0 was lost, and with it the plan: how
/// many of the copies are complete.
struct StageAccount: Sendable {
    let receivers: [Rank]

    func report(_ tracker: borrowing Tracker) -> Int32 {
        var good = 0
        for peer in tracker.accounts {
            let isReceiver = receivers.contains(peer.rank)
            if let words = peer.stagingFailure(matters: isReceiver) {
                say("mpiswarm: rank \(peer.rank): \(harmless(words))\n", on: .error)
            } else if isReceiver {
                good += 1
            }
        }
        say("\(good) of \(receivers.count) copies are complete; rank 0 was lost\n", on: .output)
        return 1
    }
}
