import Testing

@testable import Swarm

/// What docs/limits.md says of a tracker's memory.
@Suite struct TrackerMemoryTests {
    @Test func aPeerAndAMemberCostWhatIsSaid() {
        #expect(MemoryLayout<PeerRow>.stride <= 300)
        // And its place in the dictionary, which is at most three quarters full.
        #expect(MemoryLayout<SwarmRow.Member>.stride + 2 * 16 <= 100)
    }
}
