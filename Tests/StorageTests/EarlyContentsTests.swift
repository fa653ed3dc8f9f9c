import Testing
import Vocabulary

@testable import Storage

/// The room of parts that arrive at the same time.
struct EarlyContentsTests {
    private func room(_ needed: Int64, of available: Int64) -> PartRoom {
        PartRoom(needed: needed, available: available)
    }

    private func content(_ number: UInt64) -> ContentID { ContentID(high: number, low: 1) }

    /// What the others still need was not written when the room was read.
    @Test func partsThatDoNotFitTogetherAreNotKept() {
        var early = EarlyContents()
        let rooms = [room(60, of: 100), room(60, of: 100), room(40, of: 100), room(0, of: 0)]
        let first = rooms.enumerated().map { early.admits(content(UInt64($0)), $1) }
        #expect(first == [true, false, true, true], "what is here already needs no room")
        early.finished(content(0))
        let more = [room(60, of: 100), room(.max, of: .max)]
        let second = more.enumerated().map { early.admits(content(10 + UInt64($0)), $1) }
        #expect(second == [true, false], "the sum has no overflow")
    }
}
