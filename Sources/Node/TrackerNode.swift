package import Swarm
package import Vocabulary
import Wire

/// A tracker at work: its machine over a transport.
package struct TrackerNode<Network: Transport & ~Copyable>: ~Copyable {
    package private(set) var machine: Tracker
    private var line: Line<Network>
    private var effects = Effects<TrackerEffect>()
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never
    private var warnings: [TrackerWarning] = []
    private var steppedAt: Tick

    package init(
        rules: TrackerRules, network: consuming Network, trace: Trace? = nil, now: Tick
    ) {
        line = Line(network, trace: trace)
        steppedAt = now
        machine = Tracker(rules: rules, now: now, effects: &effects)
        perform(now: now)
    }

    /// All messages have left.
    package private(set) var isOver = false

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        // A tracker wakes four times a lease, so a longer gap means that it was stopped.
        let gap = now - steppedAt
        if gap >= machine.rules.lease / 2 { machine.stoodStill(for: gap) }
        steppedAt = now
        var isBusy = false
        while let arrival = line.nextArrival() {
            isBusy = true
            receive(arrival, now: now)
            perform(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
            perform(now: now)
        }
        if line.flush() { isBusy = true }
        if machine.stage == .over { isOver = line.mayLeave(now: now) }
        return isBusy
    }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        let accused = line.deliver(
            arrival, now: now, machine: &machine, effects: &effects
        ) { (machine, effects, message, tail, source) throws(WireError) in
            switch message {
            case .tracker(let message):
                try machine.received(
                    message, tail: tail, from: source, now: now, effects: &effects)
            case .overlay(let message):
                try machine.received(
                    message, tail: tail, from: source, now: now, effects: &effects)
            case .download, .upload: throw .malformed
            }
        }
        if let (offender, complaint) = accused {
            machine.suffered(complaint, of: offender, now: now, effects: &effects)
        }
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            case .warn(let warning): warnings.append(warning)
            case .over: break
            }
        }
        effects.removeAll()
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank, now: Tick) {
        machine.died(rank, now: now, effects: &effects)
        perform(now: now)
    }

    package mutating func giveUp(now: Tick) {
        machine.giveUp(now: now, effects: &effects)
        perform(now: now)
    }

    package mutating func takeWarnings() -> [TrackerWarning] {
        defer { warnings = [] }
        return warnings
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { line.network }
}
