import Vocabulary

/// Memory for what is on its way: slots of 128 bytes, each a head and up to 96 bytes behind it,
/// so that a small message is two cache lines and nothing else. Longer ones keep their bytes in
/// buffers of their own, by powers of two, that are used again.
///
/// A slot never moves: the pool grows by chunks, because a reader still looks at an arrival while
/// it sends the next message.
@safe
struct SlotPool: ~Copyable {
    private static let slotSize = 128
    private static let headSize = 32
    static let inlineMax = slotSize - headSize
    private static let chunkShift = 12
    private static let chunkCount = 1 << chunkShift
    /// 256 bytes, and twice as many per class; a message is at most 40 + 64 KiB.
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

    /// The bytes of a slot. They stay where they are until the slot is freed.
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

    /// A slot that brings no bytes, but perhaps a token for them.
    mutating func take(_ head: SlotHead, payload: SimulatedPayload) -> UInt32 {
        let slot = takeSlot()
        setHead(head, of: slot)
        unsafe (place(slot) + Self.headSize).storeBytes(of: payload, as: SimulatedPayload.self)
        return slot
    }

    /// A slot with a copy of these bytes; `head` says how many there are.
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
