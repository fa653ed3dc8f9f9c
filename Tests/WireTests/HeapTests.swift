import TestSupport
import Testing

@Suite struct HeapTests {
    @Test func codingAsksNothingOfTheHeap() throws {
        let result = try ProcessRunner.run(
            [ProcessRunner.product("WireHeapProbe")], limit: .seconds(60))
        #expect(result.lines == ["true 0 true"])
    }
}
