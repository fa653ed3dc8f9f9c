import Swarm
import Testing
import Vocabulary
import Wire

/// What one peer may make the tracker remember.
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

    @Test func wantsCountToo() throws {
        var group = Self.limited(3)
        try group.list([Self.owned(0)], isLast: false, from: 1)
        let wants = try (0..<4).map { try Group.wanted("w\($0)") }
        try group.list(wants, page: 1, from: 1)
        #expect(group.tracker.peers[0].wanted == 2)
        #expect(group.tracker.violations == 2)
    }

    /// A list that begins again and again is no way around the limit, nor is one that is updated.
    @Test func neitherRepeatsNorUpdatesGoBeyond() throws {
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

    /// Who was only silent lists again what it had, and may.
    @Test func whoReturnsMayListAgain() throws {
        var group = Self.limited(3)
        let entries = try (0..<3).map { try Self.owned($0) }
        try group.list(entries, from: 1)
        try group.pass(10, alive: 2)
        #expect(group.stage(of: 1) == .lost)
        try group.list(entries, from: 1)
        #expect(group.stage(of: 1) == .listed)
        #expect(group.tracker.violations == 0)
    }

    @Test func whatIsGoneIsNoEntry() throws {
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
        #expect(group.tracker.peers[0].links.count == 3)
        #expect(group.tracker.violations == 7)
    }
}
