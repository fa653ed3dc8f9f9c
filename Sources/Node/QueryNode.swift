package import Swarm
package import Vocabulary
import Wire

/// The download thread of a peer that only asks, over a transport.
package struct QueryNode<Network: Transport & ~Copyable>: ~Copyable, SteppedNode {
    package private(set) var machine: QueryClient
    private var line: Line<Network>
    private var effects = Effects<DownloaderEffect>()
    private let inbox: Mailbox<DownloaderNote>
    private var notes: [DownloaderNote] = []
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never

    package init(
        rules: DownloaderRules, share: Share, names: [RelativePath], network: consuming Network,
        inbox: Mailbox<DownloaderNote>, trace: Trace? = nil, now: Tick
    ) {
        machine = QueryClient(
            rules: rules, rank: network.rank, share: share, names: names, now: now,
            effects: &effects)
        line = Line(network, trace: trace)
        self.inbox = inbox
        perform(now: now)
    }

    /// The last report has left.
    package private(set) var isOver = false

    package var isExpecting: Bool { machine.stage == .asking }

    /// The work of a rank that only asks is not reported.
    package func noteNap() {}

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        var isBusy = false
        inbox.empty(into: &notes)
        for note in notes where note == .stopping {
            isBusy = true
            machine.end(effects: &effects)
            perform(now: now)
        }
        notes.removeAll(keepingCapacity: true)
        while let arrival = line.nextArrival() {
            isBusy = true
            line.deliver(arrival, now: now, machine: &machine, effects: &effects) {
                (machine, effects, message, tail, source) throws(WireError) in
                try machine.received(
                    message, tail: tail, from: source, now: now, effects: &effects)
            }
            perform(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
            perform(now: now)
        }
        line.flush()
        if machine.stage == .over { isOver = line.mayLeave(now: now) }
        return isBusy
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            case .tell, .happened, .ended: break
            // It fetches nothing, and takes no orders.
            case .open, .openFetched, .settle, .lend, .withdraw, .keep, .discard, .prove, .compare,
                .hear, .publish, .readRest, .finish, .lookAgain, .aim, .release, .report, .forsake,
                .takeOver,
                .standDown:
                break
            }
        }
        effects.removeAll()
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { line.network }
}
