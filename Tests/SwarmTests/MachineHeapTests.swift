import TestSupport
import Testing

/// An optimised build asks the heap for nothing in the steady state, which `scripts/test-heap`
/// demands. This build is not optimised, and its bounds only show growth.
@Suite struct MachineHeapTests {
    private static let boundsOfARound = ["downloader": 600, "uploader": 250, "tracker": 1200]

    @Test func stepsAskTheHeapForNoMoreThanBefore() throws {
        let result = try ProcessRunner.run(
            [ProcessRunner.product("SwarmHeapProbe")], limit: .seconds(60))
        #expect(result.lines.last == "probe true")
        for line in result.lines.dropLast() {
            let words = line.split(separator: " ")
            let bound = try #require(Self.boundsOfARound[String(words[0])])
            #expect(words[1] == "true", "\(line)")
            #expect(try #require(Int(words[2])) <= bound * 1000, "\(line)")
        }
        #expect(result.lines.count == Self.boundsOfARound.count + 1)
    }
}
