import Testing
import Vocabulary

@testable import Storage

struct BufferPoolTests {
    /// Short pieces share blocks of memory, and no two buffers share a byte.
    @Test(arguments: [1000, 4096, 1 << 20, 3 << 19, 2 << 20, 5 << 20])
    func buffersAreApartAndUsedAgain(byteCount: Int) {
        let pool = BufferPool(byteCountMax: byteCount, keptMax: 8)
        var places: [Set<Int>] = []
        for round in UInt8(1)...3 {
            var buffers: [PieceBuffer] = []
            for number in UInt8(0)..<8 {
                let buffer = pool.buffer(byteCount: byteCount)
                #expect(buffer.byteCount == byteCount)
                let mark = 16 * round + number
                _ = unsafe buffer.memory.initializeMemory(as: UInt8.self, repeating: mark)
                buffers.append(buffer)
            }
            for (number, buffer) in buffers.enumerated() {
                let isWhole = unsafe buffer.memory.allSatisfy { $0 == 16 * round + UInt8(number) }
                #expect(isWhole)
            }
            places.append(Set(buffers.map { unsafe Int(bitPattern: $0.memory.baseAddress) }))
        }
        #expect(places[0].count == 8 && places[1] == places[0] && places[2] == places[0])
    }

    @Test func aPieceThatIsTooLongGetsMemoryOfItsOwn() {
        let pool = BufferPool(byteCountMax: 1000, keptMax: 8)
        #expect(pool.buffer(byteCount: 5000).byteCount == 5000)
    }
}
