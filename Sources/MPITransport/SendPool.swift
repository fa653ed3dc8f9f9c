internal import Vocabulary

/// Memory for messages on their way, and the number of messages on their way to each rank.
///
/// Small buffers exist from the beginning, one for each send that is allowed. Large ones are
/// created when first needed and kept, so that in steady state nothing is requested from the heap.
@safe
final class SendPool {
    /// The number of sends to one rank. A rank that died or stopped never receives its messages,
    /// and with a thousand pending sends to it Open MPI serves the living ranks at a third of its
    /// speed.
    static let sendsPerDestinationMax = 16
    /// The number of sends to all ranks, which bounds the memory and time that many silent ranks
    /// can cost together.
    static let sendsMax = 512
    /// The size of a small buffer. Heads and short lists fit, and most messages are that small.
    static let smallSize = 256

    private(set) var outstanding = 0
    private var outstandingTo: [Int]
    private let messageSizeMax: Int
    private let small: UnsafeMutableRawBufferPointer
    private var large: [UnsafeMutableRawBufferPointer]
    private var freeSmall: [Int]
    private var freeLarge: [Int] = []
    private var isAbandoned = false

    init(rankCount: Int, messageSizeMax: Int) {
        self.messageSizeMax = messageSizeMax
        outstandingTo = Array(repeating: 0, count: rankCount)
        unsafe small = .allocate(byteCount: Self.smallSize * Self.sendsMax, alignment: 64)
        freeSmall = Array((0..<Self.sendsMax).reversed())
        unsafe large = []
        unsafe large.reserveCapacity(Self.sendsMax)
        freeLarge.reserveCapacity(Self.sendsMax)
    }

    deinit {
        if isAbandoned { return }
        unsafe small.deallocate()
        for index in unsafe large.indices { unsafe large[index].deallocate() }
    }

    /// Counts one more send to `destination`. At a limit, it counts nothing and returns false.
    func begin(to destination: Rank) -> Bool {
        let index = Int(destination.raw)
        precondition(outstandingTo.indices.contains(index), "no rank \(destination) in this job")
        guard outstanding < Self.sendsMax, outstandingTo[index] < Self.sendsPerDestinationMax
        else { return false }
        outstanding += 1
        outstandingTo[index] += 1
        return true
    }

    func outstanding(to destinations: [Rank]) -> Int {
        destinations.reduce(0) { $0 + outstandingTo[Int($1.raw)] }
    }

    func ended(to destination: Rank) {
        outstanding -= 1
        outstandingTo[Int(destination.raw)] -= 1
    }

    /// Copies `message` into the pool, which always has room: `begin` limits the number of sends.
    @unsafe
    func copy(_ message: RawSpan) -> (slot: SendSlot, memory: UnsafeRawBufferPointer) {
        precondition(message.byteCount <= messageSizeMax, "no message is that long")
        let slot = takeSlot(message.byteCount)
        let place = unsafe memory(of: slot)
        unsafe message.withUnsafeBytes { unsafe place.copyMemory(from: $0) }
        return unsafe (slot, UnsafeRawBufferPointer(rebasing: place[..<message.byteCount]))
    }

    private func takeSlot(_ byteCount: Int) -> SendSlot {
        if byteCount <= Self.smallSize, let index = freeSmall.popLast() { return .small(index) }
        if let index = freeLarge.popLast() { return .large(index) }
        unsafe large.append(.allocate(byteCount: messageSizeMax, alignment: 64))
        return unsafe .large(large.count - 1)
    }

    private func memory(of slot: SendSlot) -> UnsafeMutableRawBufferPointer {
        switch slot {
        case .small(let index):
            let start = index * Self.smallSize
            return unsafe UnsafeMutableRawBufferPointer(
                rebasing: small[start..<start + Self.smallSize])
        case .large(let index): return unsafe large[index]
        }
    }

    func free(_ slot: SendSlot) {
        switch slot {
        case .small(let index): freeSmall.append(index)
        case .large(let index): freeLarge.append(index)
        }
    }

    /// Notes that a message was given up while MPI may still read it: from now on no memory is
    /// freed.
    func abandon() { isAbandoned = true }
}
