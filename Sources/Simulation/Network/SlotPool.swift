import Vocabulary

/// Memory for messages under way: slots of 128 bytes, each a head and up to 96 bytes behind it, so
/// that a small message takes two cache lines and nothing more. Longer messages keep their bytes in
/// buffers of their own, in sizes of powers of two, which are used again.
///
/// A slot never moves, because a reader still reads an arrival while it sends the next message: the
/// pool grows by chunks.
@safe
struct SlotPool: ~Copyable {
    private static let slotSize = 128
    private static let headSize = 32
    static let inlineMax = slotSize - headSize
    private static let chunkShift = 12
    private static let chunkCount = 1 << chunkShift
    /// Class 0 has 256 bytes, each further one twice as many; a message has at most 40 + 64 KiB.
    private static let longShift = 8
    private static let longClasses = 10

    private var chunks: [UnsafeMutableRawPointer] = unsafe []
    private var firstFree = SlotHead.none
    private(set) var lentCount = 0
    private var longs: [(memory: UnsafeMutableRawPointer, size: Int)] = unsafe []
    private var freeLongs = [[UInt32]](repeating: [], count: longClasses)

    deinit {
        for index in unsafe chunks.indices { unsafe chunks[index].deallocate() }
        for index in unsafe longs.indices { unsafe longs[index].memory.deallocate() }
    }

    private func place(_ slot: UInt32) -> UnsafeMutableRawPointer {
        unsafe chunks[Int(slot) >> Self.chunkShift]
            + (Int(slot) & (Self.chunkCount - 1)) * Self.slotSize
    }

    func head(_ slot: UInt32) -> SlotHead {
        unsafe place(slot).load(as: SlotHead.self)
    }

    func setHead(_ head: SlotHead, of slot: UInt32) {
        unsafe place(slot).storeBytes(of: head, as: SlotHead.self)
    }

    func setNext(_ next: UInt32, of slot: UInt32) {
        unsafe place(slot).storeBytes(of: next, as: UInt32.self)
    }

    func next(of slot: UInt32) -> UInt32 { unsafe place(slot).load(as: UInt32.self) }

    /// The bytes of a slot. Their address is valid until the slot is freed.
    @unsafe
    func memory(_ slot: UInt32) -> UnsafeMutableRawBufferPointer {
        let head = head(slot)
        let start =
            head.long == 0
            ? unsafe place(slot) + Self.headSize : unsafe longs[Int(head.long) - 1].memory
        return unsafe UnsafeMutableRawBufferPointer(start: start, count: Int(head.byteCount))
    }

    func payload(_ slot: UInt32) -> SimulatedPayload {
        unsafe (place(slot) + Self.headSize).load(as: SimulatedPayload.self)
    }

    /// Takes a slot without bytes, for an event or a payload's token.
    mutating func take(_ head: SlotHead, payload: SimulatedPayload) -> UInt32 {
        let slot = takeSlot()
        setHead(head, of: slot)
        unsafe (place(slot) + Self.headSize).storeBytes(of: payload, as: SimulatedPayload.self)
        return slot
    }

    /// Takes a slot with a copy of these bytes.
    mutating func take(_ head: SlotHead, bytes: RawSpan) -> UInt32 {
        let slot = takeSlot()
        var head = head
        head.byteCount = UInt32(bytes.byteCount)
        if bytes.byteCount > Self.inlineMax { head.long = takeLong(bytes.byteCount) }
        setHead(head, of: slot)
        let memory = unsafe memory(slot)
        unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
        return slot
    }

    mutating func free(_ slot: UInt32) {
        let long = head(slot).long
        if long != 0 {
            let size = unsafe longs[Int(long) - 1].size
            freeLongs[Self.longClass(size)].append(long)
        }
        setNext(firstFree, of: slot)
        firstFree = slot
        lentCount -= 1
    }

    private mutating func takeSlot() -> UInt32 {
        if firstFree == SlotHead.none { grow() }
        let slot = firstFree
        firstFree = next(of: slot)
        lentCount += 1
        return slot
    }

    private mutating func grow() {
        let first = unsafe UInt32(chunks.count << Self.chunkShift)
        let size = Self.chunkCount * Self.slotSize
        unsafe chunks.append(.allocate(byteCount: size, alignment: Self.slotSize))
        for slot in (first..<first + UInt32(Self.chunkCount)).reversed() {
            setNext(firstFree, of: slot)
            firstFree = slot
        }
    }

    private static func longClass(_ byteCount: Int) -> Int {
        let bits = Int.bitWidth - (byteCount - 1).leadingZeroBitCount
        return max(0, bits - longShift)
    }

    private mutating func takeLong(_ byteCount: Int) -> UInt32 {
        let group = Self.longClass(byteCount)
        if let long = freeLongs[group].popLast() { return long }
        let size = 1 << (group + Self.longShift)
        unsafe longs.append((.allocate(byteCount: size, alignment: 64), size))
        return unsafe UInt32(longs.count)
    }
}
