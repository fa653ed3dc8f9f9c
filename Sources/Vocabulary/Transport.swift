/// The network as one thread of one rank sees it. Nothing here blocks: sends are taken or
/// refused at once, and what has happened is collected by `next()`.
///
/// Order: two messages of one sender on one tag arrive in the order in which they were sent.
/// `Payload` is the bytes of a piece: real memory under MPI, a token in the simulator.
package protocol Transport: ~Copyable {
    associatedtype Payload

    var rank: Rank { get }
    var rankCount: Int { get }

    /// Copies the message and sends it. False, and nothing is sent, while as many sends to
    /// `destination`, or in all, are outstanding as are allowed.
    mutating func send(_ message: RawSpan, to destination: Rank, tag: Tag) -> Bool

    /// Lends `buffer` to the payload that `source` will send for `request`. It comes back by
    /// `.payload` or, after `withdraw`, by `.withdrawn`; until then it belongs to the network.
    mutating func expect(_ buffer: consuming Payload, from source: Rank, request: RequestNumber)

    /// Asks for the buffer back. The answer is an event: the payload may be on its way already.
    mutating func withdraw(_ request: RequestNumber)

    /// Sends a piece's bytes. False, and nothing is sent, under the same limits as `send`.
    mutating func sendPayload(
        _ payload: borrowing Payload, to destination: Rank, request: RequestNumber
    ) -> Bool

    /// What has happened since, one thing at a time; nil when nothing has.
    mutating func next() -> TransportEvent?

    /// The buffer of a payload, or of a withdrawal, of which `next()` has told. Each is taken once.
    mutating func take(_ request: RequestNumber) -> Payload

    /// Hands an arrival's memory back. Every `.message` event must be given back.
    mutating func giveBack(_ arrival: consuming Arrival)

    /// Whether everything handed to `send` and `sendPayload` has left.
    var isDrained: Bool { get }
}

/// What a transport reports. Payloads stay with it until they are taken, so that an event is the
/// same thing over every transport.
package enum TransportEvent: ~Copyable {
    case message(Arrival)
    case payload(byteCount: Int, from: Rank, request: RequestNumber)
    case withdrawn(request: RequestNumber)
    /// Memory that `sendPayload` borrowed is free again.
    case payloadSent(request: RequestNumber, to: Rank)
}
