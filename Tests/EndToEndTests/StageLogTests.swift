import TestSupport
import Testing

/// `stage --log` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageLogTests {
    /// The warning is on the terminal, too; the result is only in the log.
    @Test func quietSilencesTheTerminalAndNotTheLog() throws {
        let place = try StagePlace()
        try place.shell(
            "echo new > t && mkdir o && echo other > o/1 && echo earlier > jobs.log")
        let result = try place.stage(3, "-q", "--log", "./jobs.log", "./t", "./o/{rank}")
        #expect(result.status == 1)
        #expect(result.command.output == "")
        let lines = try place.shell("cat jobs.log").split(separator: "\n")
        try #require(lines.count == 3, "\(lines)")
        #expect(lines[0] == "earlier")
        let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (.*)/
        let texts = lines.dropFirst().compactMap { $0.wholeMatch(of: time)?.1 }
        #expect(texts.first.map { [String($0)] } == result.lines)
        #expect(texts.last?.hasPrefix("2 of 3 copies of 1 file") == true, "\(lines)")
    }
}
