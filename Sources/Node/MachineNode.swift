package import Swarm
package import Vocabulary
import Wire

/// A machine at work over a transport, without a disk.
package struct MachineNode<
    Machine: NodeMachine, Network: Transport & ~Copyable
>: ~Copyable {
    package private(set) var machine: Machine
    private var line: Line<Network>
    private var effects = Effects<NetworkEffect<Machine.Order>>()
    /// The orders that the owner of the node has not taken yet.
    private var orders: [Machine.Order] = []
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never
    private var steppedAt: Tick

    /// The machine is over, and has no more use for the transport.
    package private(set) var isOver = false

    package init(
        _ network: consuming Network, trace: Trace? = nil, now: Tick,
        _ begin: (Rank, inout Effects<NetworkEffect<Machine.Order>>) -> Machine
    ) {
        machine = begin(network.rank, &effects)
        line = Line(network, trace: trace, judgesFloods: Machine.judgesFloods)
        steppedAt = now
        performAny(now: now)
    }

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        machine.stepping(after: now - steppedAt)
        steppedAt = now
        var isBusy = false
        while isListening, let arrival = line.nextArrival() {
            isBusy = true
            receive(arrival, now: now)
            performAny(now: now)
        }
        if alarm <= now {
            alarm = .never
            machine.timeout(now: now, effects: &effects)
            performAny(now: now)
        }
        if machine.isOver, Machine.ending == .flushed { line.network.makeRoom() }
        if line.flush() { isBusy = true }
        if machine.isOver { isOver = mayLeave(now: now) }
        return isBusy
    }

    /// Passes an event on that did not come over the network.
    package mutating func tell(
        now: Tick,
        _ event: (inout Machine, inout Effects<NetworkEffect<Machine.Order>>) -> Void
    ) {
        event(&machine, &effects)
        performAny(now: now)
    }

    /// Takes the orders since the last call.
    package mutating func takeOrders() -> [Machine.Order] {
        defer { orders = [] }
        return orders
    }

    /// Whether the messages of this rank make sense.
    package func listens(to rank: Rank) -> Bool { line.gate.listens(to: rank) }

    private var isListening: Bool { Machine.ending == .drained || !machine.isOver }

    private mutating func mayLeave(now: Tick) -> Bool {
        switch Machine.ending {
        case .drained: line.mayLeave(now: now)
        case .flushed: line.isFlushed || line.mayLeave(now: now)
        case .atOnce: true
        }
    }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        let accused = line.deliver(arrival, now: now, machine: &machine, effects: &effects) {
            (machine, effects, message, tail, source) throws(WireError) in
            try machine.received(message, tail: tail, from: source, now: now, effects: &effects)
        }
        if let (offender, complaint) = accused {
            machine.suffered(
                complaint, of: offender, isHeard: line.gate.listens(to: offender), now: now,
                effects: &effects)
        }
    }

    /// Usually there is nothing to do, and to find that out inside the function would cost the
    /// lookups of its generic parameters.
    @inline(__always)
    private mutating func performAny(now: Tick) {
        if !effects.list.isEmpty { perform(now: now) }
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            case .order(let order): orders.append(order)
            }
        }
        effects.removeAll()
    }

    /// The network, to be closed by its owner.
    package consuming func leave() -> Network { line.network }
}
