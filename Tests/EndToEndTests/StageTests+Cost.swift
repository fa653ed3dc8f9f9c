import TestSupport
import Testing

/// What it costs.
extension StageTests {
    /// How many messages all ranks sent.
    private func messages(_ place: StagePlace, _ source: String) throws -> Int {
        try place.shell("rm -rf trace && mkdir trace")
        let result = try place.stage(
            2, "--piece-size", "64K", "--trace-dir", "./trace", "./\(source)",
            "./copy-\(source){rank}")
        #expect(result.status == 0, "\(result.command.errors)")
        let summary = try #require(result.summary)
        #expect(summary.read >= summary.bytes)
        #expect(Double(summary.read) <= 1.05 * Double(summary.bytes))
        for rank in 0..<2 { try place.expectSame(source, "copy-\(source)\(rank)") }
        let count = try place.shell("cat trace/* | grep -c ' > '")
        return try #require(Int(count.dropLast()))
    }

    @Test func manySmallFilesCostNoMoreMessagesThanOneLongOne() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir many && head -c 40960000 /dev/urandom > one &&
            split -a 4 -b 4096 -d one many/file. && test $(ls many | wc -l) = 10000
            """)
        let one = try messages(place, "one")
        let many = try messages(place, "many")
        print("messages: \(one) for one file, \(many) for 10,000")
        // How many each is depends on who is quicker, by a few in a hundred.
        #expect(Double(many) < Double(one) * 1.1)
    }

    /// The source can keep half of its pieces in memory. It sends each piece once, and then again
    /// what it still has there.
    @Test func aSourceOnOneMachineIsReadOnce() throws {
        let place = try StagePlace()
        try place.shell("head -c 16777216 /dev/urandom > one")
        let result = try place.stage(
            5, "--sources", "0", "--receivers", "1-4", "--piece-size", "64K", "--memory", "16M",
            "--stats", "./one", "./copies/{rank}")
        #expect(result.status == 0, "\(result.command.errors)")
        let summary = try #require(result.summary)
        print("read \(Double(summary.read) / Double(summary.bytes)) times")
        #expect(Double(summary.read) <= 1.02 * Double(summary.bytes))
        let work = try #require(Work(result.command.lines))
        #expect(work.failedPicksPerPiece < 0.1)
        #expect(work.emptyTurnsPerEvent <= 2)
        print(work.line)
        for rank in 1...4 { try place.expectSame("one", "copies/\(rank)") }
    }
}
