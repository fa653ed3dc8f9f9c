import Glibc
import TestSupport
import Testing

/// `mpiswarm stage` with several trackers: nothing that arrives, or is told, depends on them.
@Suite(.serialized, .waitsForProcesses) struct StageTrackerTests {
    @Test(arguments: [
        (5, ["--trackers=2"]), (5, ["--trackers=3"]), (5, ["--trackers=3", "--topology=line"]),
        (5, ["--trackers=4", "--topology=ring"]), (3, ["--trackers=3"]),
        (4, ["--trackers=3", "--topology", "./star"]),
        (4, ["--trackers=2", "--super-peer", "1,1,0,1"]),
        (4, ["--trackers=2", "--groups=node"]),
    ])
    func copiesAndWordsAreTheSame(np: Int, words: [String]) throws {
        let place = try StagePlace()
        try place.makeTree()
        try place.shell("printf '0 1\\n0 2\\n' > star")
        let one = try place.stage(np, "./tree", "./one/{rank}")
        let result = try place.stage(np, all: words + ["./tree", "./out/{rank}"])
        #expect(result.status == 0, "\(result.command.errors)")
        #expect(result.lines.isEmpty, "\(result.lines)")
        #expect(result.command.lines.count == 1)
        let said = "\(np) of \(np) copies of 306 files, "
        #expect(result.command.lines.first?.hasPrefix(said) == true)
        #expect(one.command.lines.first?.hasPrefix(said) == true)
        for rank in 0..<np { try place.expectSame("tree", "out/\(rank)") }
        #expect(try place.parts().isEmpty)
        let summary = try #require(result.summary)
        #expect(summary.complete && summary.files == 306)
        #expect(summary.ranks.map(\.rank) == Array(0..<np))
        #expect(summary.ranks.map(\.copy) == one.summary?.ranks.map(\.copy))
        #expect(summary.ranks[1...].allSatisfy { $0.read == 0 && $0.fetched > 0 })
        #expect(summary.ranks.allSatisfy { $0.copy && $0.failure == nil })

        let again = try place.stage(np, all: words + ["./tree", "./out/{rank}"])
        #expect(again.status == 0)
        #expect(again.summary?.fetched == 0)
    }

    @Test func errorsAreTheSame() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir t && head -c 300000 /dev/urandom > t/x && mkdir -p o/1 o/3 && echo other > o/1/x
            """)
        for trackers in ["--trackers=1", "--trackers=3"] {
            let result = try place.stage(5, trackers, "./t", "./o/{rank}")
            #expect(result.status == 1)
            #expect(result.lines.count == 1, "\(result.lines)")
            #expect(result.lines.first?.contains("rank 1: ") == true)
            #expect(
                result.summary?.ranks.map { $0.failure == nil } == [true, false, true, true, true])
            try place.shell("rm -rf o/0 o/2 o/4")
        }
    }

    @Test(arguments: [
        (["--trackers=4"], "--trackers 4 is more than the ranks of the job, which are 3"),
        (["--trackers=2", "--super-peer=0,1"], "--super-peer names the trackers of 2 peers"),
        (
            ["--trackers=2", "--super-peer=0,1,2"],
            "--super-peer names 2, and the last tracker is 1"
        ),
        (
            ["--trackers=2", "--super-peer=0,1,1", "--groups=node"],
            "--groups and --super-peer both say whose peers are whose"
        ),
        (["--trackers=2", "--topology", "./none"], "none: cannot be read"),
        (
            ["--trackers=3", "--topology", "./apart"],
            "apart: no way leads from tracker 0 to tracker 2"
        ),
        (["--trackers=2", "--topology", "./loop"], "loop:1: 1 is its own neighbour"),
        (["--trackers=2", "--topology", "./far"], "far:2: 7 is no tracker"),
    ])
    func badTrackersAreRefused(words: [String], line: String) throws {
        let place = try StagePlace()
        try place.shell(
            """
            echo x > t && echo 0 1 > apart && echo 1 1 > loop && printf '0 1\\n0 7\\n' > far
            """)
        let result = try place.stage(3, all: words + ["./t", "./o{rank}"])
        #expect(result.status == 2)
        #expect(result.lines.count == 1, "\(result.lines)")
        #expect(result.lines.first?.contains(line) == true, "\(result.lines)")
        #expect(result.command.lines.isEmpty)
    }

    @Test func aTimeToLiveThatReachesNotAllIsWorthAWarning() throws {
        let place = try StagePlace()
        try place.shell("head -c 100000 /dev/urandom > f")
        let result = try place.stage(
            3, "--trackers=3", "--topology=line", "--ttl=1", "./f", "./o{rank}")
        #expect(
            result.lines.first
                == "mpiswarm: warning: --ttl 1 does not reach every tracker: 2 does")
        for name in ["o0", "o1"] { try place.shell("cmp f \"$1\"", name) }
        // Rank 2 hears of it only if it asks when its neighbour's group knows it already.
        let isLate = try place.exists("o2")
        if isLate { try place.shell("cmp f o2") }
        #expect(result.status == (isLate ? 0 : 1))
    }
}

/// Ranks that are killed while the bytes move, slowly enough to be struck.
extension StageTrackerTests {
    private static let byteCount = 40_000_000
    private static let slowly = ["--limit-rate", "80M"]

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c \(Self.byteCount) /dev/urandom > t/f && echo x > t/x")
        return place
    }

    private func killed(
        _ rank: Int, of np: Int, in place: StagePlace, _ words: String...
    ) throws -> StageResult {
        let arguments = Self.slowly + words + ["./t", "./o{rank}"]
        return try place.stage(np, all: arguments, limit: .seconds(120)) { handle in
            place.wait(for: 8 << 20, of: ".o\(rank).mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: rank))
        }
    }

    private func expectOnlyLost(
        _ rank: Int, of np: Int, in place: StagePlace, _ result: StageResult
    ) throws {
        #expect(result.status == 1)
        let verdicts = result.lines.filter { $0.hasSuffix(", rank \(rank): it was lost") }
        #expect(verdicts.count == 1, "\(result.lines)")
        #expect(
            result.lines.count { $0.contains("rank \(rank) has died: it counts as lost") } == 1,
            "\(result.lines)")
        // Its lease was not waited for.
        #expect(!result.lines.contains { $0.contains("nothing was heard of") })
        #expect(result.summary?.ranks.map { $0.failure == nil } == (0..<np).map { $0 != rank })
        for other in 0..<np where other != rank { try place.expectSame("t", "o\(other)") }
        #expect(try !place.exists("o\(rank)"))
        let said = "\(np - 1) of \(np) copies of 2 files, "
        #expect(result.command.lines.first?.hasPrefix(said) == true)
        #expect(try place.parts().count { !$0.hasPrefix("./.o\(rank).") } == 0)
    }

    /// Ranks 2 and 3 have rank 1 for a tracker, and so go to rank 2.
    @Test func thePeersOfAKilledTrackerJoinTheNext() throws {
        let place = try place()
        let result = try killed(1, of: 6, in: place, "--trackers=3")
        try expectOnlyLost(1, of: 6, in: place, result)
        // What was left behind is continued.
        let again = try place.stage(6, "--trackers=2", "./t", "./o{rank}")
        #expect(again.status == 0)
        #expect(again.summary?.fetched ?? 0 < Self.byteCount)
        for rank in 0..<6 { try place.expectSame("t", "o\(rank)") }
    }

    @Test func aKilledReceiverIsNamedAndTheOthersFinish() throws {
        let place = try place()
        let result = try killed(4, of: 5, in: place, "--trackers=2", "--topology=ring")
        try expectOnlyLost(4, of: 5, in: place, result)
    }

    /// The next tracker tells what it knows, which is no success.
    @Test func withoutRankZeroTheNextTrackerReports() throws {
        let place = try place()
        let words = Self.slowly + ["--trackers=2", "--sources=1", "./t", "./o{rank}"]
        let result = try place.stage(4, all: words, limit: .seconds(120)) { handle in
            place.wait(for: 8 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 0))
        }
        #expect(result.status == 1)
        #expect(result.command.lines == ["3 of 4 copies are complete; rank 0 was lost"])
        for rank in 1..<4 { try place.expectSame("t", "o\(rank)") }
    }
}
