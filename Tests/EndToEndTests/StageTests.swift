import TestSupport
import Testing

/// `mpiswarm stage` under the real mpirun: what arrives, and where.
@Suite(.serialized, .waitsForProcesses) struct StageTests {
    @Test func fiveCopiesOfEverything() throws {
        let place = try StagePlace()
        try place.makeTree()
        let result = try place.stage(5, "./tree", "./out/{rank}")
        #expect(result.status == 0, "\(result.command.errors)")
        #expect(result.lines.isEmpty)
        #expect(result.command.lines.count == 1)
        for rank in 0..<5 {
            try place.expectSame("tree", "out/\(rank)")
            for (name, byteCountMax) in [("holes", 64 << 10), ("hole", 0)] {
                let path = place.full("./out/\(rank)/\(name)")
                #expect(FileBytes.allocated(path: path) <= byteCountMax, "\(path)")
            }
        }
        #expect(try place.parts().isEmpty)
        #expect(try place.shell("ls -A out") == "0\n1\n2\n3\n4\n")
        let summary = try #require(result.summary)
        #expect(summary.complete && summary.files == 306)
        #expect(summary.ranks.map(\.rank) == [0, 1, 2, 3, 4])
        #expect(summary.ranks.allSatisfy { $0.copy && $0.failure == nil })
        // Nobody but one rank reads, and no more than there is.
        #expect(summary.ranks[1...].allSatisfy { $0.read == 0 && $0.fetched > 0 })
        #expect(summary.ranks[0].read > 300_000 && summary.ranks[0].read < 330_000)

        let again = try place.stage(5, "./tree", "./out/{rank}")
        #expect(again.status == 0)
        #expect(again.summary?.fetched == 0)
        #expect(again.summary?.read == 0)
        for rank in 0..<5 { try place.expectSame("tree", "out/\(rank)") }
    }

    @Test func ranksOfANodeWithOneDestinationMakeOneCopy() throws {
        let place = try StagePlace()
        try place.makeTree()
        let result = try place.stage(4, "./tree", "./out")
        #expect(result.status == 0)
        try place.expectSame("tree", "out")
        let summary = try #require(result.summary)
        #expect(summary.ranks.count { $0.copy } == 1)
        #expect(summary.ranks.count == 4 && summary.ranks.allSatisfy { $0.failure == nil })
    }

    @Test func oneRankIsEnough() throws {
        let place = try StagePlace()
        try place.makeTree()
        #expect(try place.stage(1, "./tree", "./deep/down/out").status == 0)
        try place.expectSame("tree", "deep/down/out")
    }

    @Test func aFileGetsANameOrGoesIntoAFolder() throws {
        let place = try StagePlace()
        try place.shell("head -c 200000 /dev/urandom > f && mkdir there && : > empty")
        #expect(try place.stage(2, "./f", "./g").status == 0)
        #expect(try place.stage(2, "./f", "./there").status == 0)
        #expect(try place.stage(2, "./f", "./made/").status == 0)
        #expect(try place.stage(2, "./empty", "./nothing{rank}").status == 0)
        for name in ["g", "there/f", "made/f"] { try place.shell("cmp f \"$1\"", name) }
        #expect(try place.shell("wc -c nothing0 nothing1").hasSuffix("0 total\n"))
        #expect(try place.parts().isEmpty)
    }

    @Test func severalSourcesAndASlashGoInto() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p one/sub two && head -c 100000 /dev/urandom > one/sub/x && echo y > two/y &&
            echo z > z
            """)
        #expect(try place.stage(3, "./one", "./two/", "./z", "./out{rank}").status == 0)
        for rank in 0..<3 {
            #expect(try place.shell("ls -A out\(rank)") == "one\ntwo\nz\n")
            for name in ["one", "two", "z"] { try place.expectSame(name, "out\(rank)/\(name)") }
        }
        #expect(try place.stage(2, "./one", "./into/").status == 0)
        try place.expectSame("one", "into/one")
        let same = try place.stage(2, "./one", "./into/one", "./out")
        #expect(same.status == 2)
        #expect(same.lines.count == 1)
    }

    /// Only the listed ranks read, and only the listed ones get a copy.
    @Test func sourcesAndReceiversAreObeyed() throws {
        let place = try StagePlace()
        try place.shell("head -c 500000 /dev/urandom > f")
        let chosen = try place.stage(4, "--receivers", "1,3", "./f", "./a{rank}")
        #expect(chosen.status == 0)
        #expect(try place.shell("ls -d a*") == "a1\na3\n")
        #expect(chosen.summary?.ranks.map(\.copy) == [false, true, false, true])
        let one = try place.stage(3, "--sources", "1", "./f", "./b{rank}")
        #expect(one.status == 0)
        #expect(one.summary?.ranks.map(\.read) == [0, 500_000, 0])
        let apart = try place.stage(3, "--sources=0", "--receivers=1-2", "./f", "./c{rank}")
        #expect(apart.status == 0)
        #expect(try place.shell("ls -d c*") == "c1\nc2\n")
        #expect(apart.summary?.read == 500_000)
        for name in ["a1", "a3", "b0", "b1", "b2", "c1", "c2"] {
            try place.shell("cmp f \"$1\"", name)
        }
    }

    @Test(arguments: [
        ["--digest=sha256"], ["--policy=on-request"], ["--policy=tit-for-tat"],
        ["--picker=sequential"], ["--picker=random"], ["--picker=round-robin"],
        ["--piece-size=5000", "--workers=1", "--memory=1M", "--fsync"],
    ])
    func everyWayOfSharingEnds(words: [String]) throws {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c 900000 /dev/urandom > t/x && echo y > t/y")
        let arguments = ["./t", "./o/{rank}"] + words
        let result = try place.stage(4, all: arguments)
        #expect(result.status == 0, "\(result.command.errors)")
        for rank in 0..<4 { try place.expectSame("t", "o/\(rank)") }
        #expect(result.summary?.read == 900_002)
    }
}
