/// The network as one thread of one rank sees it. No call blocks: a send is accepted or refused at
/// once, and `next()` returns the events.
///
/// Order: two messages of one sender on one tag arrive in the order in which they were sent.
/// `Payload` is the bytes of a piece: real memory under MPI, a token in the simulator.
package protocol Transport: ~Copyable {
    associatedtype Payload

    var rank: Rank { get }
    var rankCount: Int { get }

    /// Copies the message and sends it. Returns false, and sends nothing, while the allowed number
    /// of sends to `destination`, or in all, is outstanding.
    mutating func send(_ message: RawSpan, to destination: Rank, tag: Tag) -> Bool

    /// Lends `buffer` to the payload that `source` will send for `request`. The buffer comes back
    /// by `.payload` or, after `withdraw`, by `.withdrawn`; until then it belongs to the network.
    mutating func expect(_ buffer: consuming Payload, from source: Rank, request: RequestNumber)

    /// Asks for the buffer back. The answer is an event, because the payload may be on its way
    /// already.
    mutating func withdraw(_ request: RequestNumber)

    /// Sends the bytes of a piece. Returns false, and sends nothing, under the same limits as
    /// `send`.
    mutating func sendPayload(
        _ payload: borrowing Payload, to destination: Rank, request: RequestNumber
    ) -> Bool

    /// The next event; nil when there is none.
    mutating func next() -> TransportEvent?

    /// Makes room for further sends where earlier ones have left. `next()` does the same; this call
    /// is for a thread that leaves the events to another one.
    mutating func makeRoom()

    /// The buffer of a payload or withdrawal that `next()` has reported. Each is taken once.
    mutating func take(_ request: RequestNumber) -> Payload

    /// Gives an arrival's memory back. Every `.message` event must be given back.
    mutating func giveBack(_ arrival: consuming Arrival)

    /// Whether all that was passed to `send` and `sendPayload` has left.
    var isDrained: Bool { get }
}

/// An event of a transport. Payloads stay with the transport until they are taken, so that events
/// are the same over every transport.
package enum TransportEvent: ~Copyable {
    case message(Arrival)
    case payload(byteCount: Int, from: Rank, request: RequestNumber)
    case withdrawn(request: RequestNumber)
    /// Memory that `sendPayload` borrowed is free again.
    case payloadSent(request: RequestNumber, to: Rank)
}
