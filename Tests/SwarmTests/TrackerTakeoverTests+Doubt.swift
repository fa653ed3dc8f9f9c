import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Members whose pieces may be those of another content.
extension TrackerTakeoverTests {
    @Test func aMemberInDoubtDoesNotTakeOver() throws {
        var group = try Self.group()
        try group.stall(StallReport.inDoubt, missing: 0, from: 2)
        try group.stall(7, missing: 0, from: 3)
        try group.pass(24, alive: 2, 3)
        let deeds = group.drain()
        for rank in Int32(2)...3 {
            #expect(!deeds.contains(.send(.publisher(Group.content, Rank(2)), to: rank)))
            #expect(deeds.contains(.send(.publisher(Group.content, Rank(3)), to: rank)))
        }
    }

    @Test func whereAllAreInDoubtTheContentIsLost() throws {
        var group = try Self.group()
        for rank in Int32(2)...3 {
            try group.stall(StallReport.inDoubt, missing: 0, from: rank)
        }
        try group.pass(24, alive: 2, 3)
        let deeds = group.drain()
        #expect(deeds.contains(Self.lost(0, to: 2)) && deeds.contains(Self.lost(0, to: 3)))
    }
}
