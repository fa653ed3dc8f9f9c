import Glibc
import Synchronization
package import Vocabulary

/// Memory for pieces that is used again and again: the kernel would have to clear fresh pages,
/// which costs as much as writing to them. With large pages, receiving into them costs half.
package final class BufferPool: BufferHome {
    private let slotSize: Int
    private let keptMax: Int
    private let free: Mutex<[Slot]>

    @safe
    private struct Slot: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer
    }

    private static let largePage = 2 << 20

    /// For pieces of up to `byteCountMax`, of which `keptMax` may lie unused.
    package init(byteCountMax: Int, keptMax: Int) {
        let unit = byteCountMax >= Self.largePage ? Self.largePage : PieceBuffer.alignment
        slotSize = max(1, (byteCountMax + unit - 1) / unit) * unit
        self.keptMax = keptMax
        free = Mutex([])
    }

    deinit {
        free.withLock { slots in
            for slot in slots { unsafe slot.memory.deallocate() }
        }
    }

    package func buffer(byteCount: Int) -> PieceBuffer {
        guard byteCount <= slotSize else { return PieceBuffer(byteCount: byteCount) }
        let slot = free.withLock { $0.popLast() } ?? fresh()
        return unsafe PieceBuffer(lent: slot.memory, byteCount: byteCount, by: self)
    }

    private func fresh() -> Slot {
        let isLarge = slotSize.isMultiple(of: Self.largePage)
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: slotSize, alignment: isLarge ? Self.largePage : PieceBuffer.alignment)
        // If the kernel refuses, memory works as well, only slower.
        if isLarge { unsafe madvise(memory.baseAddress, memory.count, MADV_HUGEPAGE) }
        return unsafe Slot(memory: memory)
    }

    package func takeBack(_ memory: UnsafeMutableRawBufferPointer) {
        let slot = unsafe Slot(memory: memory)
        let isKept = free.withLock { slots in
            guard slots.count < keptMax else { return false }
            slots.append(slot)
            return true
        }
        if !isKept { unsafe memory.deallocate() }
    }
}
