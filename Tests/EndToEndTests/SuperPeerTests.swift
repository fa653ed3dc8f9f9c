import TestSupport
import Testing

/// Several trackers under the real mpirun.
@Suite(.serialized, .waitsForProcesses) struct SuperPeerTests {
    private let inputs = Folders.repository + "/inputs"

    private func run(_ np: Int, _ arguments: [String]) throws -> CommandResult {
        try ProcessRunner.mpirun(
            np: np, product: "mpiswarm", arguments: ["run"] + arguments, limit: .seconds(60))
    }

    private func ours(_ result: CommandResult) -> [String] {
        result.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("mpiswarm: ") }
    }

    @Test(arguments: [
        ["--trackers", "4"], ["--trackers", "0"], ["--trackers", "2", "--super-peer", "0"],
        ["--trackers", "2", "--super-peer", "0,2"],
        ["--trackers", "2", "--super-peer", "0,1", "--groups", "node"],
        ["--trackers", "2", "--topology", "/nowhere/topology"],
    ])
    func impossibleTrackersAreOneLine(arguments: [String]) throws {
        let result = try run(4, [inputs + "/demo"] + arguments)
        #expect(result.status == 2)
        #expect(ours(result).count == 1)
        #expect(result.lines.isEmpty)
    }

    @Test(arguments: [
        ("0 1\n0 9", ":2: 9 is no tracker"), ("0 1\n\n2 2", ":3: 2 is its own neighbour"),
        ("0 1", ": no way leads from tracker 0 to tracker 2"),
        ("0", ":1: two trackers stand on a line, as in 0 1"),
    ])
    func aTopologyThatIsNoneIsNamed(text: String, words: String) throws {
        let place = try Place("printf '\(text)\\n' > topology")
        let result = try run(
            5, [inputs + "/chain", "--trackers", "3", "--topology", place.path + "/topology"])
        #expect(result.status == 2)
        #expect(ours(result) == ["mpiswarm: run: \(place.path)/topology\(words)"])
    }

    @Test func aTimeToLiveThatIsTooShortIsAWarning() throws {
        let place = try Place("mkdir out")
        let result = try run(
            6,
            [
                inputs + "/demo", "--trackers", "3", "--topology", "line", "--ttl", "1",
                "--output", place.path + "/out",
            ])
        #expect(
            ours(result).first
                == "mpiswarm: warning: --ttl 1 does not reach every tracker: 2 does")
    }

    /// Groups by rank, by name and by node, and a topology from a file.
    @Test(arguments: [
        ["--trackers", "2", "--groups", "node"], ["--trackers", "3", "--super-peer", "2,2,0"],
        ["--trackers", "4", "--topology", "./star"],
    ])
    func theFilesAreTheSameWhicheverRanksTrack(arguments: [String]) throws {
        let place = try Place("mkdir out && printf '0 1\\n0 2\\n0 3\\n' > star")
        let trackers = try #require(Int(arguments[1]))
        let words = arguments.map(place.inside)
        let result = try run(
            3 + trackers, [inputs + "/demo", "--output", place.path + "/out"] + words)
        #expect(result.status == 0)
        #expect(result.lines.first?.hasPrefix("4 of 4 files delivered") == true)
        try place.shell("diff -r \(inputs)/demo/expected out")
    }
}
