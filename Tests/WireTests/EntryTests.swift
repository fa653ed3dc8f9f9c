import Testing
import Vocabulary
import Wire

/// What tails hold several of: lines of lists, catalogs and reports.
struct EntryTests {
    private static let content = ContentID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
    private static let contentHex = "08070605040302011817161514131211"

    private static func owned() throws -> FileListEntry {
        .owned(
            try RelativePath("a/b"), content, size: ByteCount(0x2122_2324_2526),
            pieces: 0x31_3233, manifest: Descriptor(inline: [9, 8]))
    }

    private static func totals() -> ReportTotals {
        var totals = ReportTotals()
        totals.wanted = 1
        totals.delivered = 2
        totals.pieces = 3
        totals.size = ByteCount(4)
        totals.duplicates = 5
        totals.violations = 6
        totals.needed = ByteCount(7)
        totals.read = ByteCount(8)
        totals.toCopy = ByteCount(9)
        return totals
    }

    private static func manifests() -> ManifestTotals {
        var totals = ManifestTotals()
        totals.pieces = 1
        totals.size = ByteCount(2)
        return totals
    }

    private static func work() -> WorkTotals {
        var work = WorkTotals()
        work.turns = 9
        work.emptyTurns = 8
        work.naps = 7
        work.events = 6
        work.messages = 5
        work.pieceMessages = 4
        work.picks = 3
        work.failedPicks = 2
        work.carried = ByteCount(1)
        work.readAgain = ByteCount(0x0102)
        return work
    }

    @Test func aFileListIsTheseBytes() throws {
        let entries: [FileListEntry] = [
            try Self.owned(), .wanted(try RelativePath("w")), .host(try RelativePath("h")),
            .gone(try RelativePath("g"), Self.content), try Self.described(),
            .reading(try RelativePath("r"), size: ByteCount(7)),
            .notReading(try RelativePath("n")),
        ]
        try holds(
            entries,
            "01" + "0300" + "612f62" + Self.contentHex + "2625242322210000" + "33323100" + "0300"
                + "000908" + "02" + "0100" + "77" + "03" + "0100" + "68" + "04" + "0100" + "67"
                + Self.contentHex + "05" + "0300" + "612f62" + Self.contentHex
                + "2625242322210000" + "33323100" + "0300" + "000908"
                + "06" + "0100" + "72" + "0700000000000000" + "07" + "0100" + "6e")
    }

    private static func described() throws -> FileListEntry {
        guard case .owned(let name, let content, let size, let pieces, let manifest) = try owned()
        else { preconditionFailure("an owned file is one") }
        return .described(name, content, size: size, pieces: pieces, manifest: manifest)
    }

    @Test func aCatalogIsTheseBytes() throws {
        let entry = CatalogEntry(
            name: try RelativePath("n"), content: Self.content, size: ByteCount(7), pieces: 8,
            seeds: 0x4142_4344, peers: 0x5152_5354)
        try holds(
            [entry],
            "0100" + "6e" + Self.contentHex + "0700000000000000" + "08000000" + "44434241"
                + "54535251")
    }

    @Test func aReportIsTheseBytes() throws {
        let entries: [ReportEntry] = [
            .totals(Self.totals()),
            .link(WantNumber(1), source: Rank(2), pieces: 3, size: ByteCount(4)),
            .failure(try RelativePath("f"), .ended),
            .sample(at: .microseconds(0x0203), pieces: 5, size: ByteCount(6)),
            .turn(by: Rank(7), from: .microseconds(8), to: .microseconds(9)),
            .turn(by: Rank(7), from: .microseconds(8), to: nil),
            .manifests(Self.manifests()),
            .differences(.extra, count: 0x0A0B),
            .difference(Difference(.missing, try RelativePath(bytes: [0x67, 0xFF]))),
            .work(Self.work()),
        ]
        try holds(
            entries,
            "01" + "01000000" + "02000000" + "0300000000000000" + "0400000000000000"
                + "0500000000000000" + "0600000000000000" + "0700000000000000"
                + "0800000000000000" + "0900000000000000" + "02" + "01000000" + "02000000"
                + "03000000" + "0400000000000000" + "03" + "0100" + "66" + "06000000"
                + "04" + "0302000000000000" + "0500000000000000" + "0600000000000000"
                + "05" + "07000000" + "0800000000000000" + "0900000000000000"
                + "05" + "07000000" + "0800000000000000" + "ffffffffffffffff"
                + "11" + "0100000000000000" + "0200000000000000"
                + "06" + "02" + "0b0a000000000000" + "07" + "00" + "0200" + "67ff"
                + "12" + (2...9).reversed().map { "0\($0)00000000000000" }.joined()
                + "0100000000000000" + "0201000000000000")
    }

    /// The entries are these bytes and the bytes these entries; nothing near them is accepted
    /// unless it is written so.
    private func holds<Entry: TailEntry>(_ entries: [Entry], _ hex: String) throws {
        let count = UInt32(entries.count)
        let bytes = written(entries)
        #expect(bytes.hex == hex)
        #expect(read(bytes, count) == entries)
        for lie in [0, count - 1, count + 1, UInt32.max] where lie != count {
            #expect(read(bytes, lie) as [Entry]? == nil, "a count of \(lie) is believed")
        }
        for prefix in 0..<bytes.count {
            #expect(read(Array(bytes.prefix(prefix)), count) as [Entry]? == nil)
        }
        for extra in UInt8.min...UInt8.max {
            #expect(read(bytes + [extra], count) as [Entry]? == nil)
        }
        corrupt(bytes) { changed in
            guard let other: [Entry] = read(changed, count) else { return true }
            return written(other) == changed
        }
    }

    private func corrupt(_ bytes: [UInt8], isFair: ([UInt8]) -> Bool) {
        var lies = 0
        for offset in bytes.indices {
            for value in UInt8.min...UInt8.max where value != bytes[offset] {
                var changed = bytes
                changed[offset] = value
                if !isFair(changed) { lies += 1 }
            }
        }
        #expect(lies == 0)
    }

    private func written(_ entries: [some TailEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries { entry.write(to: &bytes) }
        return bytes
    }

    private func read<Entry: TailEntry>(_ bytes: [UInt8], _ count: UInt32) -> [Entry]? {
        do {
            return try bytes.withBytes { (span) throws(WireError) in
                try Entry.reading(span, count: count)
            }
        } catch { return nil }
    }

    @Test(arguments: [
        "", "../x", "/x", "x/..", "x//y", "./x", "x/", "a\0b", "a\u{202E}b", "\u{7F}",
    ])
    func aHostileNameIsRefused(name: String) {
        var named: [UInt8] = []
        named.write(UInt16(name.utf8.count))
        named += name.utf8
        #expect(read([2] + named, 1) as [FileListEntry]? == nil)
        #expect(read([4] + named + [UInt8](repeating: 0, count: 16), 1) as [FileListEntry]? == nil)
        #expect(read([3] + named + [1, 0, 0, 0], 1) as [ReportEntry]? == nil)
        let numbers = [UInt8](repeating: 0, count: 36)
        #expect(read(named + numbers, 1) as [CatalogEntry]? == nil)
        let bytes = Array(name.utf8)
        #expect(throws: WireError.malformed) {
            try bytes.withBytes { (span) throws(WireError) in try RelativePath(reading: span) }
        }
    }

    /// What is fetched and what is copied are one sum of a rank.
    @Test func claimsThatAreAddedUpAreLimitedTogether() {
        var bytes = [1] + [UInt8](repeating: 0, count: 64)
        bytes[41 + 5] = 0x80
        bytes[57 + 5] = 0x80
        #expect(read(bytes, 1) as [ReportEntry]? != nil)
        bytes[57] = 1
        #expect(read(bytes, 1) as [ReportEntry]? == nil)
    }

    @Test func bytesThatAreNoTextAreNoName() {
        #expect(read([2, 1, 0, 0xFF], 1) as [FileListEntry]? == nil)
        #expect(read([2, 2, 0, 0xC0, 0x80], 1) as [FileListEntry]? == nil)
    }

    @Test(arguments: [Int64(-1), .min, .max, 1 << 48 + 1])
    func anImpossibleSizeIsRefused(size: Int64) {
        var link: [UInt8] = [2] + [UInt8](repeating: 0, count: 12)
        link.write(size)
        #expect(read(link, 1) as [ReportEntry]? == nil)
    }

    /// Rank 0 adds up what all ranks claim, and must not trap whatever they claim.
    @Test(arguments: [9, 17, 25, 33, 41, 49, 57])
    func noClaimOverflowsTheSumOfAll(offset: Int) {
        var bytes = [1] + [UInt8](repeating: 0, count: 64)
        bytes[offset + 6] = 1
        #expect(read(bytes, 1) as [ReportEntry]? != nil)
        bytes[offset] = 1
        #expect(read(bytes, 1) as [ReportEntry]? == nil)
        let ranks: Int64 = 32_767
        #expect(!(Int64(1) << 48).multipliedReportingOverflow(by: ranks).overflow)
    }

    @Test func morePiecesThanAContentMayHaveAreRefused() throws {
        let most = Geometry.pieceCountMax
        for (pieces, isFine) in [(most, true), (most + 1, false)] {
            let owned = FileListEntry.owned(
                try RelativePath("n"), Self.content, size: .zero, pieces: UInt32(pieces),
                manifest: Descriptor(inline: []))
            let listed = CatalogEntry(
                name: try RelativePath("n"), content: Self.content, size: .zero,
                pieces: UInt32(pieces), seeds: 0, peers: 0)
            #expect((read(written([owned]), 1) == [owned]) == isFine)
            #expect((read(written([listed]), 1) == [listed]) == isFine)
        }
    }

    @Test func noiseIsRefusedOrCanonical() {
        var chance = Chance(seed: 1)
        for _ in 0..<20_000 {
            let bytes = (0..<chance.below(80)).map { _ in
                UInt8(chance.below(chance.below(3) == 0 ? 256 : 5))
            }
            let count = UInt32(chance.below(4))
            if let list: [FileListEntry] = read(bytes, count) { #expect(written(list) == bytes) }
            if let list: [ReportEntry] = read(bytes, count) { #expect(written(list) == bytes) }
            if let list: [CatalogEntry] = read(bytes, count) { #expect(written(list) == bytes) }
        }
    }
}
