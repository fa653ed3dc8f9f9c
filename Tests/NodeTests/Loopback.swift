import Vocabulary

/// A network within one process: messages arrive at once and in order, and no fault occurs unless
/// the test asks for it.
final class Loopback {
    struct Letter {
        let source: Rank
        let tag: Tag
        let bytes: [UInt8]
    }

    struct Parcel {
        let source: Rank
        let request: RequestNumber
        let bytes: [UInt8]
    }

    let rankCount: Int
    /// Ranks that are dead: sends to them are refused.
    var dead: Set<Rank> = []
    /// The number of sends of one thread that may be outstanding until it looks for events again.
    var sendsMax = Int.max
    /// A rank that hears no other and is not heard. Messages of that time arrive when it is healed,
    /// as over TCP.
    private(set) var cut: Rank?
    /// A rank whose payloads do not arrive until the network is healed, although its messages do.
    var starved: Rank?
    private var held: [(box: Int, letter: Letter)] = []
    private var heldParcels: [(destination: Rank, parcel: Parcel)] = []
    var letters: [Int: [Letter]] = [:]
    var parcels: [Rank: [Parcel]] = [:]
    /// The payloads that have left, by sender.
    var sent: [Rank: [(request: RequestNumber, to: Rank)]] = [:]
    var messageCount = 0
    /// Spoils the payloads that this rank sends.
    var liar: Rank?

    init(rankCount: Int) { self.rankCount = rankCount }

    func cutOff(_ rank: Rank) { cut = rank }

    func heal() {
        cut = nil
        starved = nil
        for (box, letter) in held { letters[box, default: []].append(letter) }
        for (rank, parcel) in heldParcels { parcels[rank, default: []].append(parcel) }
        held = []
        heldParcels = []
    }

    private func isCut(_ source: Rank, _ destination: Rank) -> Bool {
        source != destination && (cut == source || cut == destination)
    }

    func post(_ letter: Letter, to destination: Rank) {
        messageCount += 1
        let box = Self.box(destination, letter.tag)
        guard !isCut(letter.source, destination) else { return held.append((box, letter)) }
        letters[box, default: []].append(letter)
    }

    func post(_ parcel: Parcel, to destination: Rank) {
        guard !isCut(parcel.source, destination), destination != starved else {
            return heldParcels.append((destination, parcel))
        }
        parcels[destination, default: []].append(parcel)
    }

    static func box(_ rank: Rank, _ tag: Tag) -> Int { Int(rank.raw) * 8 + Int(tag.rawValue) }

    func endpoint(of rank: Rank, reading tags: [Tag]) -> LoopbackEndpoint {
        LoopbackEndpoint(self, rank, tags)
    }
}

struct LoopbackEndpoint: ~Copyable, Transport {
    typealias Payload = [UInt8]

    let rank: Rank
    private let network: Loopback
    private let tags: [Tag]
    private var lent: [RequestNumber: (source: Rank, buffer: [UInt8])] = [:]
    private var withdrawn: [RequestNumber] = []
    private var untaken: [RequestNumber: [UInt8]] = [:]
    private var outstanding = 0

    init(_ network: Loopback, _ rank: Rank, _ tags: [Tag]) {
        self.network = network
        self.rank = rank
        self.tags = tags
    }

    var rankCount: Int { network.rankCount }
    var isDrained: Bool { true }

    mutating func send(_ message: RawSpan, to destination: Rank, tag: Tag) -> Bool {
        guard !network.dead.contains(destination), outstanding < network.sendsMax else {
            return false
        }
        outstanding += 1
        let bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
        network.post(Loopback.Letter(source: rank, tag: tag, bytes: bytes), to: destination)
        return true
    }

    mutating func expect(_ buffer: consuming [UInt8], from source: Rank, request: RequestNumber) {
        lent[request] = (source, buffer)
    }

    mutating func withdraw(_ request: RequestNumber) { withdrawn.append(request) }

    mutating func sendPayload(
        _ payload: borrowing [UInt8], to destination: Rank, request: RequestNumber
    ) -> Bool {
        var bytes = copy payload
        if network.liar == rank, !bytes.isEmpty { bytes[0] ^= 0xFF }
        network.post(
            Loopback.Parcel(source: rank, request: request, bytes: bytes), to: destination)
        network.sent[rank, default: []].append((request, destination))
        return true
    }

    mutating func makeRoom() { outstanding = 0 }

    mutating func next() -> TransportEvent? {
        makeRoom()
        for tag in tags {
            let box = Loopback.box(rank, tag)
            guard let letter = network.letters[box]?.first else { continue }
            network.letters[box]?.removeFirst()
            let memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: letter.bytes.count, alignment: 8)
            unsafe memory.copyBytes(from: letter.bytes)
            return .message(
                unsafe Arrival(
                    source: letter.source, tag: tag, slot: 0,
                    memory: UnsafeRawBufferPointer(memory)))
        }
        if tags.contains(.upload), network.sent[rank]?.isEmpty == false,
            let (request, destination) = network.sent[rank]?.removeFirst()
        {
            return .payloadSent(request: request, to: destination)
        }
        return tags.contains(.download) ? nextPayload() : nil
    }

    mutating func take(_ request: RequestNumber) -> [UInt8] {
        untaken.removeValue(forKey: request) ?? []
    }

    private mutating func nextPayload() -> TransportEvent? {
        if let place = network.parcels[rank]?.firstIndex(where: { lent[$0.request] != nil }),
            let parcel = network.parcels[rank]?.remove(at: place)
        {
            lent[parcel.request] = nil
            untaken[parcel.request] = parcel.bytes
            return .payload(
                byteCount: parcel.bytes.count, from: parcel.source,
                request: parcel.request)
        }
        while let request = withdrawn.popLast() {
            guard let (_, buffer) = lent.removeValue(forKey: request) else { continue }
            untaken[request] = buffer
            return .withdrawn(request: request)
        }
        return nil
    }

    /// The memory of an arrival is freed with the process: a test is short.
    mutating func giveBack(_ arrival: consuming Arrival) {}
}
