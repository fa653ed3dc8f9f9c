package import Staging
package import Swarm
package import Vocabulary
import Wire

/// What rank 0 does before a job, over a transport: afterwards the same transport carries the
/// tracker.
package struct MusterNode<Network: Transport & ~Copyable>: ~Copyable {
    package private(set) var machine: Muster
    private var line: Line<Network>
    private var effects = Effects<MusterEffect>()
    /// When it has to be stepped even if nothing happens.
    package private(set) var alarm = Tick.never

    package init(
        _ network: consuming Network, trace: Trace? = nil,
        _ begin: (inout Effects<MusterEffect>) -> Muster
    ) {
        line = Line(network, trace: trace)
        machine = begin(&effects)
    }

    /// Everybody was told, and the words have left.
    package private(set) var isOver = false

    /// Does what there is to do. False when there was nothing.
    package mutating func step(now: Tick) -> Bool {
        var isBusy = false
        perform(now: now)
        // When all is decided, what comes is for the tracker.
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
        line.flush()
        if machine.stage == .over { isOver = line.isFlushed || line.mayLeave(now: now) }
        return isBusy
    }

    /// A witness that can be certain reports the end of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        machine.died(rank, effects: &effects)
        perform(now: now)
    }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        line.deliver(arrival, now: now, machine: &machine, effects: &effects) {
            (machine, effects, message, tail, source) throws(WireError) in
            guard case .tracker(let message) = message else { throw .malformed }
            try machine.received(message, tail: tail, from: source, now: now, effects: &effects)
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
