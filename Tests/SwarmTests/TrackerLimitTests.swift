import Swarm
import Testing
import Vocabulary
import Wire

/// Limits of what one peer can make the tracker remember.
struct TrackerLimitTests {
    private static func limited(_ entries: Int) -> Group {
        Group(2) { $0.entriesPerPeerMax = entries }
    }

    private static func owned(_ number: Int) throws -> FileListEntry {
        try Group.owned("f\(number)", ContentID(high: 1, low: UInt64(number)))
    }

    private static func catalogCount(_ group: inout Group) throws -> UInt32? {
        _ = group.drain()
        try group.hear(.catalogRequest(from: 0), from: 2)
        guard case .send(.download(.catalog(_, let count, _)), 2, _)? = group.drain().first
        else { return nil }
        return count
    }

    @Test func entriesBeyondTheLimitAreIgnoredAndCounted() throws {
        var group = Self.limited(3)
        let entries = try (0..<5).map { try Self.owned($0) }
        try group.list(entries, from: 1)
        #expect(group.tracker.violations == 2)
        #expect(group.stage(of: 1) == .listed)
        #expect(try Self.catalogCount(&group) == 3)
    }

    @Test func wantsCountAsEntriesToo() throws {
        var group = Self.limited(3)
        try group.list([Self.owned(0)], isLast: false, from: 1)
        let wants = try (0..<4).map { try Group.wanted("w\($0)") }
        try group.list(wants, page: 1, from: 1)
        #expect(group.tracker.peers[0].wanted == 2)
        #expect(group.tracker.violations == 2)
    }

    /// A list that is sent again and again does not get around the limit, nor does one that is
    /// updated.
    @Test func neitherRepeatsNorUpdatesExceedTheLimit() throws {
        var group = Self.limited(3)
        for start in 0..<4 {
            try group.list(
                [Self.owned(start * 2), Self.owned(start * 2 + 1)], isLast: false, from: 1)
        }
        #expect(try Self.catalogCount(&group) == 3)
        try group.list([Self.owned(20)], from: 1)
        var tail: [UInt8] = []
        try Self.owned(30).write(to: &tail)
        try group.hear(.fileListUpdate(page: 0, entries: 1, isLast: true), tail: tail, from: 1)
        #expect(try Self.catalogCount(&group) == 3)
        #expect(group.tracker.violations == 7)
    }

    /// A rank that was only silent may list its files again.
    @Test func aReturnedRankMayListAgain() throws {
        var group = Self.limited(3)
        let entries = try (0..<3).map { try Self.owned($0) }
        try group.list(entries, from: 1)
        try group.pass(10, alive: 2)
        #expect(group.stage(of: 1) == .lost)
        try group.list(entries, from: 1)
        #expect(group.stage(of: 1) == .listed)
        #expect(group.tracker.violations == 0)
    }

    @Test func removedFilesAreNoEntries() throws {
        var group = Self.limited(1)
        try group.list([Self.owned(0)], from: 1)
        var tail: [UInt8] = []
        FileListEntry.gone(try RelativePath("f0"), ContentID(high: 1, low: 0)).write(to: &tail)
        try group.hear(.fileListUpdate(page: 0, entries: 1, isLast: true), tail: tail, from: 1)
        #expect(group.tracker.violations == 0)
    }

    @Test func reportsAreLimitedToo() throws {
        var group = Self.limited(3)
        let link = ReportEntry.link(WantNumber(0), source: Rank(1), pieces: 1, size: .zero)
        for page: UInt32 in 0..<10 {
            try group.report([link], page: page, isLast: false, isFinal: false, from: 1)
        }
        #expect(group.tracker.peers[0].report.links.count == 3)
        #expect(group.tracker.violations == 7)
    }
}
