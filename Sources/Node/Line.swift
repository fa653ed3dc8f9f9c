import Swarm
import Vocabulary
import Wire

/// The connection of one thread to the other ranks: a transport, the messages that wait to be sent,
/// and the checks of incoming ones.
struct Line<Network: Transport & ~Copyable>: ~Copyable {
    /// Much longer than a message takes to leave, and short compared with a lease.
    private static var leavePatience: Duration { .seconds(2) }

    var network: Network
    var gate: ViolationFilter
    private var outbox: Outbox
    private let trace: Trace?
    private var leaveEnd: Tick?

    /// Messages before the job begins are not judged as floods: the tracker of the job does that.
    init(_ network: consuming Network, trace: Trace?, judgesFloods: Bool = true) {
        gate = ViolationFilter(rankCount: network.rankCount, judgesFloods: judgesFloods)
        outbox = Outbox(rankCount: network.rankCount)
        self.trace = trace
        self.network = network
    }

    mutating func send(_ message: Message, tail: ArraySlice<UInt8>, to rank: Rank, now: Tick) {
        trace?.sent(message, tail: tail.count, to: rank, now: now)
        if case .download(.have) = message { gate.announced(to: rank) }
        outbox.send(message, tail: tail, to: rank, over: &network)
    }

    /// The next message, for a thread that lends no buffers and sends no payloads, so that no other
    /// event can come.
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

    /// Returns false if no waiting message could be sent. After a success the thread must not rest,
    /// because the next message may find room soon.
    @discardableResult
    mutating func flush() -> Bool { outbox.flush(over: &network) }

    /// Whether all messages are with the network; another machine may follow on this transport.
    var isFlushed: Bool { outbox.isEmpty }

    private var isDrained: Bool { outbox.isEmpty && network.isDrained }

    /// Whether a thread whose machine is over may end: its last messages have left, or have had
    /// enough time. Messages to the dead never leave.
    mutating func mayLeave(now: Tick) -> Bool {
        let end = leaveEnd ?? now + Self.leavePatience
        leaveEnd = end
        return isDrained || now >= end
    }

    /// Decodes an arrival and passes message and tail on, then gives the memory back. A message
    /// that cannot be decoded, or that the machine refuses, counts against its sender. Returns a
    /// sender that is to be accused: of undecodable messages, of too many refused ones, or of a
    /// flood.
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
                    let verdict =
                        message.mayRepeat ? .usual : gate.judge(bytes, from: source, now: now)
                    switch verdict {
                    case .flood:
                        complaint = .flood
                        return
                    case .answered where message.isQuestion: return
                    case .answered: break
                    case .usual: break
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
    /// Messages that are repeated at the wish of a user, those between trackers, and the answers of
    /// a tracker to proofs of life: a rank that floods its tracker must still hear the answers.
    fileprivate var mayRepeat: Bool {
        switch self {
        case .tracker(.catalogRequest), .tracker(.rollRequest), .download(.aliveAck),
            .download(.catalog), .download(.roll), .download(.holding), .upload(.holdingQuery),
            .overlay:
            true
        case .tracker, .download, .upload: false
        }
    }

    /// Messages that only ask: one answer serves for two equal ones. Every other message is heard
    /// however often it comes, because it may be a change and its reversal in turn.
    fileprivate var isQuestion: Bool {
        switch self {
        case .tracker(.join), .tracker(.alive), .tracker(.swarmRequest),
            .download(.fileListRequest), .download(.listRequest), .download(.offer),
            .upload(.piecesQuery), .upload(.request), .upload(.tableRequest):
            true
        case .tracker, .download, .upload, .overlay: false
        }
    }
}
