import Glibc
import Synchronization
package import Vocabulary

/// Memory for pieces that is used again and again: the kernel would have to clear fresh pages,
/// which costs as much as writing to them. With large pages, receiving into them costs half, and
/// short pieces share large pages.
package final class BufferPool: BufferHome {
    private let slotSize: Int
    /// The number of slots that are cut from one block of memory.
    private let slotsPerBlock: Int
    private let keptMax: Int
    private let stock = Mutex(Stock())

    @safe
    private struct Slot: @unchecked Sendable {
        let memory: UnsafeMutableRawBufferPointer
    }

    private struct Stock: Sendable {
        var free: [Slot] = []
        /// The blocks that several slots share, which stay until the end.
        var blocks: [Slot] = []
    }

    private static let largePage = 2 << 20

    /// For pieces of up to `byteCountMax`, of which `keptMax` may lie unused. All pieces of less
    /// than a large page may.
    package init(byteCountMax: Int, keptMax: Int) {
        let unit = byteCountMax >= Self.largePage ? Self.largePage : PieceBuffer.alignment
        slotSize = max(1, (byteCountMax + unit - 1) / unit) * unit
        slotsPerBlock = max(1, Self.largePage / slotSize)
        self.keptMax = keptMax
    }

    deinit {
        stock.withLock { stock in
            for slot in slotsPerBlock > 1 ? stock.blocks : stock.free {
                unsafe slot.memory.deallocate()
            }
        }
    }

    package func buffer(byteCount: Int) -> PieceBuffer {
        guard byteCount <= slotSize else { return PieceBuffer(byteCount: byteCount) }
        let slot = stock.withLock { stock in stock.free.popLast() ?? cut(&stock) }
        return unsafe PieceBuffer(lent: slot.memory, byteCount: byteCount, by: self)
    }

    /// A slot of a new block, whose other slots are free.
    private func cut(_ stock: inout Stock) -> Slot {
        guard slotsPerBlock > 1 else { return Self.block(slotSize) }
        let block = Self.block(Self.largePage)
        stock.blocks.append(block)
        for number in (1..<slotsPerBlock).reversed() { stock.free.append(slot(number, of: block)) }
        return slot(0, of: block)
    }

    private func slot(_ number: Int, of block: Slot) -> Slot {
        let start = number * slotSize
        return unsafe Slot(
            memory: UnsafeMutableRawBufferPointer(
                rebasing: block.memory[start..<start + slotSize]))
    }

    private static func block(_ byteCount: Int) -> Slot {
        let isLarge = byteCount.isMultiple(of: largePage)
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: byteCount, alignment: isLarge ? largePage : PieceBuffer.alignment)
        // If the kernel refuses, memory works as well, only slower.
        if isLarge { unsafe madvise(memory.baseAddress, memory.count, MADV_HUGEPAGE) }
        return unsafe Slot(memory: memory)
    }

    package func takeBack(_ memory: UnsafeMutableRawBufferPointer) {
        let slot = unsafe Slot(memory: memory)
        let isKept = stock.withLock { stock in
            guard slotsPerBlock > 1 || stock.free.count < keptMax else { return false }
            stock.free.append(slot)
            return true
        }
        if !isKept { unsafe memory.deallocate() }
    }
}
