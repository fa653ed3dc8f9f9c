import Swarm
import Vocabulary
import Wire

/// One thread's connection to the others: a transport, what waits to be sent, and what guards
/// against nonsense.
struct Line<Network: Transport & ~Copyable>: ~Copyable {
    /// Longer than a message takes to leave by far, and short beside a lease.
    private static var leavePatience: Duration { .seconds(2) }

    var network: Network
    var gate: ViolationFilter
    private var outbox: Outbox
    private let trace: Trace?
    private var leaveEnd: Tick?

    init(_ network: consuming Network, trace: Trace?) {
        gate = ViolationFilter(rankCount: network.rankCount)
        outbox = Outbox(rankCount: network.rankCount)
        self.trace = trace
        self.network = network
    }

    mutating func send(_ message: Message, tail: ArraySlice<UInt8>, to rank: Rank, now: Tick) {
        trace?.sent(message, tail: tail.count, to: rank, now: now)
        outbox.send(message, tail: tail, to: rank, over: &network)
    }

    /// The next message of those that come to a thread that lends no buffers and sends no
    /// payloads: nothing else can happen there.
    mutating func nextArrival() -> Arrival? {
        while let event = network.next() {
            switch consume event {
            case .message(let arrival): return arrival
            case .payload: continue
            case .withdrawn: continue
            case .payloadSent: continue
            }
        }
        return nil
    }

    /// False when nothing that had waited could be sent. What could is a reason not to rest: the
    /// next may find room soon.
    @discardableResult
    mutating func flush() -> Bool { outbox.flush(over: &network) }

    /// All is with the network: what lingers there another machine may follow.
    var isFlushed: Bool { outbox.isEmpty }

    private var isDrained: Bool { outbox.isEmpty && network.isDrained }

    /// Whether a thread whose machine is over may go: its last words have left, or have had time
    /// enough. What is meant for the dead never leaves.
    mutating func mayLeave(now: Tick) -> Bool {
        let end = leaveEnd ?? now + Self.leavePatience
        leaveEnd = end
        return isDrained || now >= end
    }

    /// Decodes an arrival and hands message and tail on, then gives the memory back. What cannot
    /// be decoded, or is refused by the machine, counts against its sender. Returns a sender that
    /// is to be accused: of what cannot be decoded, of too much that was refused, or of a flood.
    @discardableResult
    mutating func deliver<Machine, Effect>(
        _ arrival: consuming Arrival, now: Tick, machine: inout Machine,
        effects: inout Effects<Effect>,
        _ handle: (
            inout Machine, inout Effects<Effect>, Message, RawSpan, Rank
        ) throws(WireError) -> Void
    ) -> (offender: Rank, Complaint)? {
        let source = arrival.source
        var complaint: Complaint?
        var isDecoded = false
        if gate.listens(to: source) {
            do throws(WireError) {
                try arrival.withBytes { (bytes) throws(WireError) in
                    let message = try Message(parsing: bytes, tag: arrival.tag)
                    isDecoded = true
                    let tail = bytes.extracting(Head.byteCount..<bytes.byteCount)
                    trace?.received(message, tail: tail.byteCount, from: source, now: now)
                    guard message.mayRepeat || !gate.isFlooded(by: source, bytes, now: now) else {
                        complaint = .flood
                        return
                    }
                    try handle(&machine, &effects, message, tail, source)
                }
            } catch {
                let violation = gate.noteViolation(of: source, isDecoded: isDecoded)
                if violation.isFirst { trace?.violated(error, by: source, now: now) }
                if !isDecoded || violation.isTooMuch { complaint = .nonsense }
            }
        }
        network.giveBack(arrival)
        return complaint.map { (source, $0) }
    }
}

extension Message {
    /// What is said at intervals, or as often as a user asks, and what trackers say to each other.
    fileprivate var mayRepeat: Bool {
        switch self {
        case .tracker(.alive), .tracker(.catalogRequest), .tracker(.rollRequest),
            .download(.aliveAck), .download(.catalog), .download(.roll), .download(.holding),
            .upload(.holdingQuery), .overlay:
            true
        case .tracker, .download, .upload: false
        }
    }
}
