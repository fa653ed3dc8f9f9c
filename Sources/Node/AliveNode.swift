import Swarm
package import Vocabulary
import Wire

/// A peer that is not ready to join: it proves that it lives, and ignores messages that will be
/// sent to it again. Afterwards the same transport carries the downloader.
package struct AliveNode<Network: Transport & ~Copyable>: ~Copyable {
    private let tracker: Rank
    private let interval: Duration
    private var line: Line<Network>
    private var alarm: Tick

    /// The first proof is sent after one `interval`: a peer that is ready before sends none.
    package init(
        tracker: Rank, interval: Duration, network: consuming Network, trace: Trace? = nil,
        now: Tick
    ) {
        self.tracker = tracker
        self.interval = interval
        line = Line(network, trace: trace)
        alarm = now + interval
    }

    package mutating func step(now: Tick) {
        while let event = line.network.next() {
            switch consume event {
            case .message(let arrival): line.network.giveBack(arrival)
            // No buffer is lent before a job.
            case .payload: break
            case .withdrawn: break
            case .payloadSent: break
            }
        }
        if alarm <= now {
            alarm = now + interval
            line.send(.tracker(.alive), tail: [], to: tracker, now: now)
        }
        line.flush()
    }

    package consuming func leave() -> Network { line.network }
}
