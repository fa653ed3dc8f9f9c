import Testing
import Vocabulary

@testable import Storage

/// The room of parts that arrive at the same time.
struct EarlyContentsTests {
    private func room(_ needed: Int64, of available: Int64) -> PartRoom {
        PartRoom(needed: needed, available: available)
    }

    private func content(_ number: UInt64) -> ContentID { ContentID(high: number, low: 1) }

    /// Otherwise a part could have a file that a later entry of the archive has replaced.
    @Test func partsProveFilesWhoseNamesAreInNoOtherPart() throws {
        var tree = SampleTree()
        try tree.folder("set")
        for name in ["a", "b", "empty"] { try tree.file("set/\(name)", name.count == 1 ? 9 : 0) }
        let parts = try [
            tree.part("set", "set/a"), tree.part("set", "set/b", "set/empty"),
            tree.part("set", "set/empty"), tree.part("set", "set/a", "set/empty"),
        ].map { try $0.manifest() }
        var early = EarlyContents()
        let known = [early.describes(0, parts[0]), early.describes(1, parts[1])]
        #expect(known == [true, true])
        #expect(!early.provesFiles(ofParts: 3), "the third one may have a name again")
        let third = early.describes(2, parts[2])
        #expect(third && early.provesFiles(ofParts: 3), "an empty file is the same twice")
        let fourth = early.describes(3, parts[3])
        #expect(!fourth && !early.provesFiles(ofParts: 4))
    }

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
