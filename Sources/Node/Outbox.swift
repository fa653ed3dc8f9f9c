import Vocabulary
import Wire

/// Messages on their way into a transport: encoded, and kept in order while the limit of
/// outstanding sends to their destination is reached.
struct Outbox: ~Copyable {
    private struct Letter {
        let bytes: [UInt8]
        let tag: Tag
    }

    private struct Queue {
        let rank: Rank
        var letters: [Letter]
    }

    /// Further messages to the same destination are dropped: no living rank is so far behind.
    static let lettersPerDestinationMax = 1 << 16

    private let rankCount: Int
    /// The destinations with waiting messages, the longest waiting first.
    private var waiting: [Queue] = []
    /// A buffer as large as the longest message so far.
    private var scratch = [UInt8](repeating: 0, count: Head.byteCount)

    init(rankCount: Int) { self.rankCount = rankCount }

    var isEmpty: Bool { waiting.isEmpty }

    mutating func send<Network: Transport & ~Copyable>(
        _ message: Message, tail: ArraySlice<UInt8>, to rank: Rank, over network: inout Network
    ) {
        precondition(tail.count <= Head.tailMax, "a tail too long for one message")
        guard (0..<rankCount).contains(Int(rank.raw)) else { return }
        let count = encode(message, tail)
        let place = waiting.isEmpty ? nil : waiting.firstIndex { $0.rank == rank }
        if place == nil {
            let bytes = unsafe scratch.span.extracting(0..<count).bytes
            if network.send(bytes, to: rank, tag: message.tag) { return }
        }
        let letter = Letter(bytes: Array(scratch[..<count]), tag: message.tag)
        guard let place else { return waiting.append(Queue(rank: rank, letters: [letter])) }
        guard waiting[place].letters.count < Self.lettersPerDestinationMax else { return }
        waiting[place].letters.append(letter)
    }

    private mutating func encode(_ message: Message, _ tail: ArraySlice<UInt8>) -> Int {
        let count = Head.byteCount + tail.count
        if scratch.count < count {
            scratch.append(contentsOf: repeatElement(0, count: count - scratch.count))
        }
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
        return count
    }

    /// Sends the messages that have room now. Returns false if there were none.
    mutating func flush<Network: Transport & ~Copyable>(over network: inout Network) -> Bool {
        guard !waiting.isEmpty else { return false }
        var hasSent = false
        for place in waiting.indices {
            var sent = 0
            while sent < waiting[place].letters.count {
                let letter = waiting[place].letters[sent]
                let bytes = unsafe letter.bytes.span.bytes
                guard network.send(bytes, to: waiting[place].rank, tag: letter.tag) else { break }
                sent += 1
            }
            waiting[place].letters.removeFirst(sent)
            hasSent = hasSent || sent > 0
        }
        waiting.removeAll { $0.letters.isEmpty }
        return hasSent
    }
}
