import Content
import Testing
import Vocabulary

@testable import Storage

struct MemoryContentsTests {
    /// A user may end the sharing of a file whose manifest a disk worker is keeping.
    @Test func aContentMayBeRemovedWhileItIsPut() throws {
        let content = ContentID(high: 1, low: 2)
        let bytes = [UInt8](repeating: 7, count: 4096)
        let geometry = try #require(
            Geometry(total: ByteCount(4096), pieceLength: ByteCount(16)))
        let memory = MemoryContents()
        let remover = try TestThread {
            for _ in 0..<20_000 { memory.remove(content) }
        }
        for _ in 0..<200 { memory.put(bytes, as: content, geometry: geometry) }
        try remover.join()
        let isWhole = memory.bytes(of: content).map { $0 == bytes }
        #expect(isWhole != false)
    }
}
