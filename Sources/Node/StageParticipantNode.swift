package import Staging
import Swarm
package import Vocabulary
import Wire

/// The work of every rank before a job, over a transport: afterwards the same transport carries the
/// downloader.
package struct StageParticipantNode<Network: Transport & ~Copyable>: ~Copyable {
    package private(set) var machine: StageParticipant
    private var line: Line<Network>
    private var effects = Effects<StageParticipantEffect>()
    /// The moment at which it must be stepped even without events.
    package private(set) var alarm = Tick.never
    /// The sources that are to be listed; the caller that steps the node takes them.
    private var wanted: [Int] = []
    /// Orders about the destination, in order; the caller that steps the node carries them out.
    private var claims: [ClaimOrder] = []

    package init(
        _ survey: Survey, network: consuming Network, trace: Trace? = nil, now: Tick
    ) {
        line = Line(network, trace: trace)
        machine = StageParticipant(survey, now: now, effects: &effects)
    }

    package var isOver: Bool { machine.isOver }

    /// Whether the messages of rank 0 make sense.
    package var understandsFirst: Bool { line.gate.listens(to: .first) }

    /// Handles all events. Returns false if there were none.
    package mutating func step(now: Tick) -> Bool {
        var isBusy = false
        perform(now: now)
        while !machine.isOver, let arrival = line.nextArrival() {
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
        return isBusy
    }

    /// Takes the sources that are to be listed now.
    package mutating func takeWanted() -> [Int] {
        defer { wanted = [] }
        return wanted
    }

    package mutating func takeClaims() -> [ClaimOrder] {
        defer { claims = [] }
        return claims
    }

    package mutating func claimed(
        _ order: ClaimOrder, isFree: Bool, place: UInt64, now: Tick
    ) {
        machine.claimed(order, isFree: isFree, place: place, effects: &effects)
        perform(now: now)
    }

    package mutating func listed(
        source: Int, _ bytes: [UInt8], leftOut: [LeftOut], now: Tick
    ) {
        machine.listed(source: source, bytes, leftOut: leftOut, effects: &effects)
        perform(now: now)
    }

    /// A reliable observer reports the death of a rank.
    package mutating func died(_ rank: Rank) { machine.died(rank) }

    private mutating func receive(_ arrival: consuming Arrival, now: Tick) {
        let accused = line.deliver(arrival, now: now, machine: &machine, effects: &effects) {
            (machine, effects, message, tail, source) throws(WireError) in
            guard case .download(let message) = message else { throw .malformed }
            try machine.received(message, tail: tail, from: source, now: now, effects: &effects)
        }
        // No order from that rank will ever be understood, so none is awaited.
        if let (offender, _) = accused, !line.gate.listens(to: offender) { machine.died(offender) }
    }

    private mutating func perform(now: Tick) {
        for effect in effects.list {
            switch effect {
            case .send(let message, let tail, let rank):
                line.send(message, tail: effects.bytes(of: tail), to: rank, now: now)
            case .wake(let tick): alarm = min(alarm, tick)
            case .list(let source): wanted.append(source)
            case .claim(let order): claims.append(order)
            }
        }
        effects.removeAll()
    }

    package consuming func leave() -> Network { line.network }
}
