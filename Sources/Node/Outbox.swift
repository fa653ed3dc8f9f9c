import Vocabulary
import Wire

/// Messages on their way into a transport: encoded, and kept in order while the destination has
/// as many sends outstanding as it may.
struct Outbox: ~Copyable {
    private struct Letter {
        let bytes: [UInt8]
        let tag: Tag
    }

    /// What waits for one destination beyond this is dropped: nobody that lives is so far behind.
    static let lettersPerDestinationMax = 1 << 16

    private var waiting: [[Letter]]
    private var waitingCount = 0
    private var scratch = [UInt8](repeating: 0, count: Head.messageMax)

    init(rankCount: Int) { waiting = [[Letter]](repeating: [], count: rankCount) }

    var isEmpty: Bool { waitingCount == 0 }

    mutating func send<Network: Transport & ~Copyable>(
        _ message: Message, tail: ArraySlice<UInt8>, to rank: Rank, over network: inout Network
    ) {
        precondition(tail.count <= Head.tailMax, "a tail too long for one message")
        let place = Int(rank.raw)
        guard waiting.indices.contains(place) else { return }
        let count = encode(message, tail)
        if waiting[place].isEmpty {
            let bytes = unsafe scratch.span.extracting(0..<count).bytes
            if network.send(bytes, to: rank, tag: message.tag) { return }
        }
        guard waiting[place].count < Self.lettersPerDestinationMax else { return }
        waiting[place].append(Letter(bytes: Array(scratch[..<count]), tag: message.tag))
        waitingCount += 1
    }

    private mutating func encode(_ message: Message, _ tail: ArraySlice<UInt8>) -> Int {
        var head = message.head
        head.tailCount = tail.count
        var elements = scratch.mutableSpan
        var bytes = unsafe elements.mutableBytes
        head.encode(into: &bytes)
        var place = Head.byteCount
        for byte in tail {
            scratch[place] = byte
            place += 1
        }
        return place
    }

    /// Sends what has found room meanwhile.
    mutating func flush<Network: Transport & ~Copyable>(over network: inout Network) {
        guard waitingCount > 0 else { return }
        for place in waiting.indices where !waiting[place].isEmpty {
            var sent = 0
            while sent < waiting[place].count {
                let letter = waiting[place][sent]
                let bytes = unsafe letter.bytes.span.bytes
                guard network.send(bytes, to: Rank(Int32(place)), tag: letter.tag) else { break }
                sent += 1
            }
            waiting[place].removeFirst(sent)
            waitingCount -= sent
        }
    }
}
