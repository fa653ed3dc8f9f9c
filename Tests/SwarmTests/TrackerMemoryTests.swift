import Testing

@testable import Swarm

/// The figures of docs/limits.md for a tracker's memory.
@Suite struct TrackerMemoryTests {
    @Test func aPeerAndAMemberCostWhatTheDocsSay() {
        #expect(MemoryLayout<PeerRow>.stride <= 300)
        // With its place in the dictionary, which is at most three quarters full.
        #expect(MemoryLayout<SwarmRow.Member>.stride + 2 * 16 <= 100)
    }
}
