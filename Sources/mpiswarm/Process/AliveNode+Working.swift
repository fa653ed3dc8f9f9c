import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

extension AliveNode<MPIEndpoint> {
    /// Creates the node for a peer of `run` that has not joined yet.
    init(_ world: borrowing MPIWorld, _ rules: DownloaderRules, trace: Trace?, now: Tick) {
        self.init(
            tracker: rules.tracker, interval: rules.aliveInterval,
            network: MPIEndpoint(world, reading: [.download], messageSizeMax: Head.messageMax),
            trace: trace, now: now)
    }

    /// Does long work on a thread of its own, because a rank that is silent for long counts as
    /// lost.
    mutating func live<Answer: Sendable>(
        by clock: ProcessClock, while work: @escaping @Sendable () -> Answer
    ) throws(LaunchError) -> Answer {
        let answer = Mailbox<Answer>()
        let working = try NamedThread(name: "digest", answer) { $0.put(work()) }
        var answers: [Answer] = []
        var backoff = Backoff()
        while true {
            step(now: clock.now)
            answer.empty(into: &answers)
            if let done = answers.first {
                try working.join()
                return done
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
    }
}
