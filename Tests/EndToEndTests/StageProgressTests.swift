import FoundationEssentials
import TestSupport
import Testing

/// `--progress json` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageProgressTests {
    private struct Line: Decodable {
        let seconds: Double
        let fetched: Int
        let needed: Int
        let complete: Int
        let copies: Int
    }

    /// The last line is that of the end, however short the job is.
    @Test func theLastLineSaysHowTheJobEnded() throws {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c 300000 /dev/urandom > t/x && mkdir o && echo 1 > o/2")
        let result = try place.stage(3, "--progress", "json", "./t", "./o/{rank}")
        #expect(result.status == 1)
        let lines = result.command.errors.split(separator: "\n").filter { $0.hasPrefix("{") }
        let last = try JSONDecoder().decode(Line.self, from: Data(try #require(lines.last).utf8))
        #expect(last.complete == 2 && last.copies == 3)
        #expect(last.fetched == result.summary?.fetched && last.seconds > 0)
    }
}
