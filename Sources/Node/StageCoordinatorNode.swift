package import Staging
package import Swarm
package import Vocabulary
import Wire

/// The work of rank 0 before a job, over a transport: afterwards the same transport carries the
/// tracker.
package struct StageCoordinatorNode<Network: Transport & ~Copyable>: ~Copyable {
    package private(set) var machine: StageCoordinator
    private var line: Line<Network>
    private var effects = Effects<StageCoordinatorEffect>()
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never
    private var steppedAt: Tick?

    package init(
        _ network: consuming Network, trace: Trace? = nil,
        _ begin: (inout Effects<StageCoordinatorEffect>) -> StageCoordinator
    ) {
        line = Line(network, trace: trace, judgesFloods: false)
        machine = begin(&effects)
    }

    /// Every rank has been informed, and the messages have left.
    package private(set) var isOver = false

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        // It wakes four times a lease, so a longer gap means that it was stopped.
        let gap = now - (steppedAt ?? now)
        if gap >= machine.lease / 2 { machine.stoodStill(for: gap) }
        steppedAt = now
        var isBusy = false
        perform(now: now)
        // After the decision, messages are for the tracker.
        while machine.stage != .over, let arrival = line.nextArrival() {
            isBusy = true
            receive(arrival, now: now)
            perform(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
            perform(now: now)
        }
        if machine.stage == .over { line.network.makeRoom() }
        line.flush()
        if machine.stage == .over { isOver = line.isFlushed || line.mayLeave(now: now) }
        return isBusy
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        machine.died(rank, effects: &effects)
        perform(now: now)
    }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        let accused = line.deliver(arrival, now: now, machine: &machine, effects: &effects) {
            (machine, effects, message, tail, source) throws(WireError) in
            guard case .tracker(let message) = message else { throw .malformed }
            try machine.received(message, tail: tail, from: source, now: now, effects: &effects)
        }
        // No survey from that rank will ever be understood, so none is awaited.
        if let (offender, _) = accused, !line.gate.listens(to: offender) {
            machine.died(offender, effects: &effects)
        }
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            }
        }
        effects.removeAll()
    }

    package consuming func leave() -> Network { line.network }
}
