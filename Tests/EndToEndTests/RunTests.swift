import TestSupport
import Testing

/// The real program under the real mpirun.
@Suite(.serialized, .waitsForProcesses) struct RunTests {
    private let inputs = Folders.repository + "/inputs"

    private func run(_ np: Int, _ arguments: [String]) throws -> CommandResult {
        try ProcessRunner.mpirun(
            np: np, product: "mpiswarm", arguments: arguments, limit: .seconds(60))
    }

    /// Our own lines on standard error; mpirun's come after them.
    private func ours(_ result: CommandResult) -> [String] {
        result.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("mpiswarm: ") }
    }

    @Test func oneRankIsNoSwarm() throws {
        let result = try run(1, ["run", inputs + "/demo"])
        #expect(result.status == 2)
        #expect(ours(result).count == 1)
    }

    @Test(arguments: [["run"], ["runn"], ["run", "x", "--outptu=y"]])
    func aUsageErrorIsPrintedOnce(arguments: [String]) throws {
        let result = try run(4, arguments)
        #expect(result.status == 2)
        #expect(ours(result).count == 1)
    }

    @Test func badInputsOfSeveralRanksAreOneLine() throws {
        let result = try run(4, ["run", inputs + "/bad-everywhere"])
        #expect(result.status == 2)
        let lines = ours(result)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("in1.txt:") == true)
    }

    /// An input that no rank reads would mean files that no rank gets, and exit code 0 even so.
    @Test(arguments: [(3, ["--trackers", "1"]), (5, ["--trackers", "3", "--topology", "ring"])])
    func fewerPeersThanInputsAreRefused(np: Int, trackers: [String]) throws {
        let out = try Folders.makeTemporary()
        defer { Folders.remove(out) }
        let result = try run(np, ["run", inputs + "/demo", "--output", out] + trackers)
        #expect(result.status == 2)
        let lines = ours(result)
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasSuffix("demo: holds in3.txt, so start mpirun -np \(np + 1), not \(np)")
                == true)
        #expect(try ProcessRunner.run(["ls", out], limit: .seconds(5)).lines.isEmpty)
        #expect(result.orphans == 0)
    }

    @Test func anOutputThatCannotBeWrittenIsOneLine() throws {
        let result = try run(2, ["run", inputs + "/two-ranks", "--output", "/dev/null/out"])
        #expect(result.status == 2)
        #expect(ours(result).count == 1)
    }

    @Test func seedsServeEqualPartsOfEachCopy() throws {
        let out = try Folders.makeTemporary()
        defer { Folders.remove(out) }
        let result = try run(7, ["run", inputs + "/several-seeds", "--output", out, "--stats"])
        #expect(result.status == 0)
        let copies = result.lines.filter { $0.contains("fetched model: ") }
        #expect(copies.count == 2)
        for copy in copies {
            let parts = copy.split(separator: ":")[1].split(separator: ",")
            let pieces = parts.compactMap { Int($0.split(separator: " ")[0]) }
            #expect(pieces.reduce(0, +) == 40)
            // Four seeds: none serves more than 1.25 / 4 of 40.
            #expect(pieces.allSatisfy { $0 <= 12 })
        }
    }

    /// A request and its answer for each segment, and next to nothing looked for in vain.
    @Test func theWorkForEachSegmentIsBounded() throws {
        let out = try Folders.makeTemporary()
        defer { Folders.remove(out) }
        let result = try run(
            4, ["run", inputs + "/ten-thousand-segments", "--output", out, "--stats"])
        #expect(result.status == 0)
        let work = try #require(Work(result.lines))
        print(work.line)
        #expect(work.pieceMessagesPerPiece <= 2)
        #expect(work.failedPicksPerPiece < 0.1)
        #expect(work.emptyTurnsPerEvent <= 2)
    }

    @Test func verboseWritesOneTracePerRank() throws {
        let out = try Folders.makeTemporary()
        defer { Folders.remove(out) }
        let result = try run(4, ["run", inputs + "/demo", "--output", out, "--verbose"])
        #expect(result.status == 0)
        for rank in 0..<4 {
            let text = String(
                decoding: FileBytes.read(path: "\(out)/trace\(rank).txt"), as: UTF8.self)
            #expect(text.contains(" > ") && text.contains(" < "))
        }
    }

    @Test func onlyRankZeroPrintsAndItPrintsOneLine() throws {
        let out = try Folders.makeTemporary()
        defer { Folders.remove(out) }
        let result = try run(4, ["run", inputs + "/demo", "--output", out])
        #expect(result.lines.count == 1)
        #expect(result.lines.first?.hasPrefix("4 of 4 files delivered") == true)
        #expect(ours(result).isEmpty)
        #expect(result.orphans == 0)
    }
}
