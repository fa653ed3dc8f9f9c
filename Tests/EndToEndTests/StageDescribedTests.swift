import TestSupport
import Testing

/// Staging what a torrent or a seed file describes, from ranks that have the bytes.
@Suite(.waitsForProcesses) struct StageDescribedTests {
    private final class Place {
        let path: String

        init() throws {
            path = try Folders.makeTemporary()
            try shell(
                """
                mkdir -p have/data/sub && seq 200000 > have/data/big &&
                seq 9 > have/data/sub/small && : > have/data/empty
                """)
        }

        func shell(_ script: String) throws {
            let result = try ProcessRunner.run(
                ["sh", "-c", "cd \"$0\" && " + script, path], limit: .seconds(20))
            #expect(result.status == 0, "\(result.errors)")
        }

        func make(_ format: String, of source: String) throws {
            let result = try ProcessRunner.run(
                [
                    ProcessRunner.product("mpiswarm"), "make", "--format", format, "--piece-size",
                    "16K", "\(path)/\(source)", "-o", "\(path)/t",
                ], limit: .seconds(30))
            #expect(result.status == 0, "\(result.errors)")
        }

        func stage(from folder: String, _ options: String...) throws -> CommandResult {
            try ProcessRunner.mpirun(
                np: 3,
                arguments: ["stage", "--have", "\(path)/\(folder)"] + options + [
                    "\(path)/t", "\(path)/out{rank}",
                ],
                limit: .seconds(60))
        }

        /// Leaves each rank parts of the long file: one lacks the end, the others have damaged
        /// copies.
        func takeApart() throws {
            try shell(
                """
                for rank in 0 1 2; do cp -r have have$rank; done
                cp have0/data/big have0/big; mv have1/data/big have1/; cp have1/big have1/data/
                mv have2/data/big have2/; cp have2/big have2/data/
                truncate -s 700000 have0/data/big have0/big
                for file in have1/data/big have1/big; do
                    printf X | dd of=$file bs=1 seek=5 conv=notrunc
                    printf X | dd of=$file bs=1 seek=300000 conv=notrunc
                done
                for file in have2/data/big have2/big; do
                    printf X | dd of=$file bs=1 seek=800000 conv=notrunc
                done
                rm have1/data/sub/small have2/data/empty
                """)
        }

        /// Alters a byte of a file, and keeps its date.
        func alter(_ file: String, at place: Int) throws {
            try shell(
                """
                touch -r \(file) date && printf X | dd of=\(file) bs=1 seek=\(place) conv=notrunc &&
                touch -r date \(file)
                """)
        }

        deinit {
            do {
                _ = try ProcessRunner.run(["rm", "-rf", path], limit: .seconds(20))
            } catch { Issue.record("\(error)") }
        }
    }

    @Test(arguments: ["torrent-v1", "torrent-v2", "hybrid"])
    func aTorrentsFilesAreFoundByName(format: String) throws {
        let place = try Place()
        try place.make(format, of: "have/data")
        let result = try place.stage(from: "have")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("diff -r have/data out\(rank)") }
    }

    @Test func aSingleFileIsFoundUnderAnyName() throws {
        let place = try Place()
        try place.make("seed", of: "have/data/big")
        try place.shell("mkdir other && cp have/data/big other/renamed")
        try place.shell("tr 1 2 < have/data/big > other/as-long")
        let result = try place.stage(from: "other")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("cmp have/data/big out\(rank)") }
    }

    /// Of damaged copies under other names every piece that is good counts.
    @Test(arguments: ["seed", "torrent-v1", "torrent-v2"])
    func aDamagedFileIsFoundUnderAnyName(format: String) throws {
        let place = try Place()
        try place.make(format, of: "have/data/big")
        try place.shell(
            """
            for rank in 0 1 2; do mkdir other$rank && cp have/data/big other$rank/renamed; done
            tr 1 2 < have/data/big > other0/as-long
            printf X | dd of=other0/renamed bs=1 seek=5 conv=notrunc
            printf X | dd of=other1/renamed bs=1 seek=800000 conv=notrunc
            printf X | dd of=other2/renamed bs=1 seek=800000 conv=notrunc
            """)
        let result = try place.stage(from: "other{rank}")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("cmp have/data/big out\(rank)") }
    }

    @Test func aFileThatDiffersFromItsDescriptionIsNoSource() throws {
        let place = try Place()
        try place.make("torrent-v2", of: "have/data")
        try place.shell("printf X | dd of=have/data/big bs=1 seek=99999 conv=notrunc")
        let result = try place.stage(from: "have")
        #expect(result.status == 1)
        #expect(result.errors.contains("no rank has data/big as it is described"))
        try place.shell("test ! -e out0 && test ! -e out1")
    }

    /// Lengths tell which could be which, and digests which are. Small files that share a piece are
    /// told apart only together.
    @Test(arguments: ["torrent-v1", "torrent-v2", "hybrid"])
    func filesOfAFolderAreFoundUnderAnyName(format: String) throws {
        let place = try Place()
        try place.shell(
            """
            for i in 1 2 3; do seq $i 2 180000 | head -c 300000 > have/data/sub/long$i; done
            for i in 3 5 7; do printf "$i%.0s" $(seq 900) > have/data/sub/short$i; done
            """)
        try place.make(format, of: "have/data")
        try place.shell(
            """
            mkdir -p other/deep && cd have/data && cp big ../../other/deep/anything
            cp sub/long1 ../../other/c && cp sub/long2 ../../other/a && cp sub/long3 ../../other/b
            cp sub/short3 ../../other/deep/z && cp sub/short5 ../../other/deep/y
            cp sub/short7 ../../other/deep/x && cp sub/small ../../other/deep/w
            head -c 300000 /dev/zero > ../../other/0
            """)
        let result = try place.stage(from: "other")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("diff -r have/data out\(rank)") }
    }

    @Test(arguments: ["seed", "torrent-v1", "torrent-v2"])
    func aDamagedFileHidesNoGoodOne(format: String) throws {
        let place = try Place()
        let original = format == "seed" ? "have/data/big" : "have/data"
        try place.make(format, of: original)
        try place.shell(
            """
            cp -r have other && cp have/data/big other/big
            cp have/data/big other/zz-copy
            for file in other/big other/data/big; do
                printf X | dd of=$file bs=1 seek=400000 conv=notrunc
            done
            """)
        let result = try place.stage(from: "other")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("diff -r \(original) out\(rank)") }
    }

    /// What users keep elsewhere is often linked to.
    @Test(arguments: ["seed", "torrent-v2"])
    func aLinkOfTheNameIsFollowed(format: String) throws {
        let place = try Place()
        let original = format == "seed" ? "have/data/big" : "have/data"
        try place.make(format, of: original)
        try place.shell("mkdir other && ln -s \"$PWD/\(original)\" other/")
        let result = try place.stage(from: "other")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("diff -r \(original) out\(rank)") }
    }

    @Test(arguments: ["torrent-v1", "torrent-v2", "hybrid", "seed"])
    func aFileInPartsOnSeveralRanksIsAssembled(format: String) throws {
        let place = try Place()
        try place.make(format, of: format == "seed" ? "have/data/big" : "have/data")
        try place.takeApart()
        let result = try place.stage(from: "have{rank}")
        #expect(result.status == 0, "\(result.errors)")
        let original = format == "seed" ? "have/data/big" : "have/data"
        for rank in 0..<3 { try place.shell("diff -r \(original) out\(rank)") }
    }

    /// The first rank publishes digests of bytes that it never had in its folder. A copy in place
    /// that was altered under its old date is no source of them.
    @Test(arguments: ["0", "1", "0 1 2", ""], ["seed", "hybrid"])
    func aRerunTakesNoCopyInPlaceAsASource(lost: String, format: String) throws {
        let place = try Place()
        let original = format == "seed" ? "have/data/big" : "have/data"
        let long = format == "seed" ? "" : "/big"
        try place.make(format, of: original)
        try place.takeApart()
        #expect(try place.stage(from: "have{rank}").status == 0)
        for rank in 0..<3 {
            try place.alter("out\(rank)\(long)", at: 1_000_000 + rank)
        }
        try place.shell("for rank in \(lost); do rm -r out$rank; done")
        let result = try place.stage(from: "have{rank}")
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("for rank in \(lost); do diff -r \(original) out$rank || exit; done")
        let again = try place.stage(from: "have{rank}", "--verify")
        #expect(again.status == 0, "\(again.errors)")
        for rank in 0..<3 { try place.shell("diff -r \(original) out\(rank)") }
    }

    /// Pieces go on from file to file, and no rank has both.
    @Test func piecesOfFilesOnDifferentRanksArePutTogether() throws {
        let place = try Place()
        try place.shell("for i in $(seq 40); do seq $i $((i * 300)) > have/data/sub/$i; done")
        try place.make("torrent-v1", of: "have/data")
        try place.shell(
            """
            for rank in 0 1 2; do cp -r have have$rank; done
            for i in $(seq 40); do for rank in 0 1 2; do
                [ $((i % 3)) = $rank ] || rm have$rank/data/sub/$i
            done; done
            rm have0/data/big have2/data/big have1/data/sub/small have2/data/sub/small
            printf X | dd of=have1/data/sub/7 bs=1 seek=5 conv=notrunc
            cp have/data/sub/7 have2/data/sub
            """)
        let result = try place.stage(from: "have{rank}")
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<3 { try place.shell("diff -r have/data out\(rank)") }
        // With one file nowhere, nothing moves.
        try place.shell("rm -r out0 out1 out2 have1/data/sub/10")
        let again = try place.stage(from: "have{rank}")
        #expect(again.status == 1)
        #expect(again.errors.contains("no rank has data/sub/"))
        try place.shell("test ! -e out0 && test ! -e out1")
    }

    @Test func aFileOnNoRankIsMissedBeforeAnythingMoves() throws {
        let place = try Place()
        try place.make("torrent-v2", of: "have/data")
        try place.shell(
            """
            for rank in 0 1 2; do cp -r have have$rank; done
            for rank in 0 1 2; do
                printf X | dd of=have$rank/data/big bs=1 seek=$((40000 + rank)) conv=notrunc
            done
            """)
        let result = try place.stage(from: "have{rank}")
        #expect(result.status == 1)
        #expect(result.errors.contains("no rank has data/big as it is described"))
        try place.shell("test ! -e out0 && test ! -e out1")
    }

    @Test(arguments: ["nowhere", "empty", "t"])
    func withoutACandidateNothingBegins(folder: String) throws {
        let place = try Place()
        try place.shell("mkdir empty")
        try place.make("torrent-v2", of: "have/data")
        let result = try place.stage(from: folder)
        #expect(result.status == 2)
        #expect(result.errors.contains("mpiswarm: stage: no rank has any file of what"))
    }

    @Test func aDescriptionThatIsNoneIsRefusedInOneLine() throws {
        let place = try Place()
        try place.shell("printf 'd3:foo' > t")
        let result = try place.stage(from: "have")
        #expect(result.status == 2)
        #expect(result.errors.contains("mpiswarm: stage: "))
    }
}
