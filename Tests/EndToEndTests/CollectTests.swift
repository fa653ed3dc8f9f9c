import Glibc
import TestSupport
import Testing

/// `collect` under mpirun. Each rank has a SOURCE of its own.
@Suite(.serialized, .waitsForProcesses) struct CollectTests {
    private func collect(
        _ place: StagePlace, _ np: Int = 3, _ words: String...
    ) throws -> StageResult { try place.stage(np, all: words, command: "collect") }

    /// Three ranks with a file and a folder of their own in folders that all have.
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            for i in 0 1 2; do mkdir -p s$i/log/$i && echo $i > s$i/log/$i/x && echo $i > s$i/f$i &&
            head -c 300000 /dev/urandom > s$i/log/b$i && ln -s f$i s$i/l$i && ln s$i/f$i s$i/h$i ||
            exit 1; done
            """)
        return place
    }

    private func line(_ result: StageResult) -> String {
        result.command.output.split(separator: ";").first.map(String.init) ?? ""
    }

    @Test func filesOfAllRanksAreMerged() throws {
        let place = try place()
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(line(result) == "3 of 3 sources collected: 9 files, 878.9 KiB")
        try place.shell("mkdir e && for i in 0 1 2; do cp -a s$i/. e || exit 1; done")
        try place.shell("diff -r --no-dereference e out && test out/f1 -ef out/h1")
        #expect(try place.parts().isEmpty)
        let again = try collect(place, 3, "./s{rank}", "./out")
        #expect(again.status == 0 && again.summary?.fetched == 0)
    }

    @Test func eachRankGetsAFolder() throws {
        let place = try place()
        let result = try collect(place, 3, "./s{rank}", "./o/{rank}/{host}")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        try place.shell("for i in 0 1 2; do mv o/$i/$(hostname) o/n$i || exit 1; done")
        for rank in 0..<3 { try place.expectSame("s\(rank)", "o/n\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    /// Also where `stage` would take them for one file.
    @Test(arguments: ["./out", "./out/", "./o/{host}"])
    func filesOfOneNameAreRefusedBeforeAnythingMoves(destination: String) throws {
        let place = try place()
        try place.shell(
            """
            for i in 0 2; do echo $i > s$i/log/same && touch -d 2001-02-03 s$i/log/same || exit 1
            done && mkdir x && for i in 0 1 2; do mv s$i x/s || exit 1; mkdir y$i && mv x/s y$i
            done
            """)
        let result = try collect(place, 3, "./y{rank}/s", destination)
        #expect(result.status == 2 && result.command.output.isEmpty)
        let name = "log/same (ranks 0 and 2); nothing was copied: {host} or {rank} in DEST"
        #expect(result.lines.count == 1 && result.lines[0].contains(name), "\(result.lines)")
        #expect(try place.shell("ls -A") == "x\ny0\ny1\ny2\n")
    }

    @Test func aRankWithoutSourceIsNamed() throws {
        let place = try place()
        try place.shell("rm -r s1")
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 0)
        #expect(result.lines.count == 1, "\(result.command.errors)")
        let words = "mpiswarm: warning: there is no \(place.path)/s{rank} at "
        #expect(result.lines.first?.hasPrefix(words) == true, "\(result.lines)")
        #expect(result.lines.first?.hasSuffix(", rank 1") == true)
        #expect(line(result).hasPrefix("2 of 2 sources collected: "))
        try place.shell("rm -r s0 s2 out")
        let nothing = try collect(place, 3, "./s{rank}", "./out")
        #expect(nothing.status == 2 && nothing.lines.count == 1, "\(nothing.lines)")
        #expect(try place.shell("ls -A") == "")
    }

    @Test func ranksAndPathsAreChosen() throws {
        let place = try place()
        try place.shell("printf 'f1\\nf2\\nlog/2/x\\n' > list")
        let result = try collect(
            place, 3, "--sources", "1-2", "--exclude", "f2", "--files-from", "./list", "./s{rank}",
            "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell("find out -type f | sort") == "out/f1\nout/log/2/x\n")
        try place.shell("echo nowhere >> list")
        let missing = try collect(place, 3, "--files-from", "./list", "./s{rank}", "./new")
        #expect(missing.status == 2 && missing.lines.count == 1, "\(missing.lines)")
        #expect(try !place.exists("new"))
    }

    @Test func aDryRunWritesNothing() throws {
        let place = try place()
        let result = try collect(place, 3, "-n", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell("ls -A") == "s0\ns1\ns2\nsummary.json\n")
        let words = "3 sources with 9 files: 878.9 KiB would be fetched or copied\n"
        #expect(result.command.output.hasSuffix(words), "\(result.command.output)")
    }

    /// The other ranks' files are whole all the same.
    @Test func aFileThatIsThereAndDiffersStays() throws {
        let place = try place()
        try place.shell("mkdir out && echo other > out/f1 && cp -p out/f1 kept")
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 1)
        #expect(result.lines.first?.contains("/out/f1 is there and is different") == true)
        let verdict = ", rank 1: not collected: "
        #expect(result.lines.last?.contains(verdict) == true, "\(result.lines)")
        #expect(line(result).hasPrefix("2 of 3 sources collected: "))
        try place.shell("cmp out/f1 kept && cmp s0/log/b0 out/log/b0 && cmp s2/log/b2 out/log/b2")
        #expect(try !place.exists("out/log/b1"))
        let forced = try collect(place, 3, "--force", "./s{rank}", "./out")
        #expect(forced.status == 0, "\(forced.lines)")
        try place.shell("cmp out/f1 s1/f1 && cmp out/log/b1 s1/log/b1")
    }

    /// The rank that writes does not begin such a copy, but could read on for others.
    @Test func theSourceOfTheWriterCountsOnlyOnceItIsWhole() throws {
        let place = try place()
        try place.shell("mkdir out s0/sub && echo 1 > s0/sub/x && echo other > out/sub")
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 1)
        #expect(result.lines.first?.contains("/out/sub") == true, "\(result.lines)")
        #expect(result.lines.last?.contains(", rank 0: not collected: ") == true)
        #expect(line(result).hasPrefix("2 of 3 sources collected: "), "\(result.command.output)")
        try place.shell("cmp s1/f1 out/f1 && cmp s2/log/b2 out/log/b2")
        #expect(try !place.exists("out/f0") && place.parts().isEmpty)
        // Another rank, which sees the same source, has nothing to do.
        try place.shell("rm -r out && mkdir out && echo other > out/sub")
        let shared = try collect(place, 3, "./s0", "./out")
        #expect(shared.status == 1)
        #expect(line(shared).hasPrefix("0 of 1 sources collected: "), "\(shared.command.output)")
    }

    /// It may be what another rank has had: `stage --verify` would repair it.
    @Test func aFileOfTheSameLengthAndDateStays() throws {
        let place = try place()
        try place.shell(
            """
            mkdir -p out/log && head -c 300000 /dev/urandom > out/log/b1 &&
            touch -r s1/log/b1 out/log/b1 && cp -p out/log/b1 kept
            """)
        let result = try collect(place, 3, "--verify", "./s{rank}", "./out")
        #expect(result.status == 1)
        let words = "/out/log/b1: it is there and its bytes differ; --force replaces it"
        #expect(result.lines.first?.hasSuffix(words) == true, "\(result.lines)")
        try place.shell("cmp out/log/b1 kept && cmp s0/log/b0 out/log/b0 && cmp s2/f2 out/f2")
        #expect(try !place.exists("out/f1"))
    }

    @Test(arguments: ["./s1", "./s1/deep/er", "./s1/", "./s{rank}", "./{rank}/../s1"])
    func aDestinationInsideASourceIsRefused(destination: String) throws {
        let place = try place()
        try place.shell("mkdir -p s1/deep 0 1 2")
        let before = try place.shell("find . -printf '%p %i\\n' | sort")
        let result = try collect(place, 3, "./s{rank}", destination)
        #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
        #expect(try place.shell("find . -printf '%p %i\\n' | sort") == before)
        let file = try collect(place, 3, "--sources", "1", "./s1/f1", "./s1")
        #expect(file.status == 2 && file.lines.count == 1, "\(file.command.errors)")
    }

    @Test func aCommandRunsOnceAtTheEnd() throws {
        let place = try place()
        let words = ["--then", "find {dest} -type f | wc -l; echo {rank}", "./s{rank}"]
        for (destination, count) in [("./out", "12"), ("./o/{rank}", "12")] {
            let result = try place.stage(3, all: words + [destination], command: "collect")
            #expect(result.status == 0)
            let ends = result.lines.map { $0.split(separator: " ").last ?? "" }
            #expect(ends == [Substring(count), "0"], "\(result.lines)")
        }
    }

    /// All files have their names by then.
    @Test func aCommandThatFailsUncollectsNothing() throws {
        let place = try place()
        let result = try collect(place, 3, "--then", "exit 3", "./s{rank}", "./out")
        #expect(result.status == 1)
        #expect(line(result).hasPrefix("3 of 3 sources collected: "), "\(result.command.output)")
        #expect(result.lines.allSatisfy { $0.contains(", rank 0: ") || $0.contains("--then") })
        #expect(!result.command.errors.contains("not collected"), "\(result.lines)")
        for rank in 0..<3 { try place.shell("cmp s\(rank)/f\(rank) out/f\(rank)") }
    }

    /// A name does not move from one file system to another.
    @Test func aMountPointIsRefusedBeforeAnythingMoves() throws {
        let place = try place()
        try place.shell("echo 1 > file")
        for source in ["./s{rank}", "./nothing-{rank}"] {
            let result = try collect(place, 3, source, "/dev/shm")
            #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
            let words =
                "DEST /dev/shm is a mount point, beside which nothing is written: "
                + "DEST /dev/shm/ collects into it"
            #expect(result.lines.first?.hasSuffix(words) == true, "\(result.lines)")
        }
        let into = try collect(place, 2, "-n", "--sources", "0", "./file", "/dev/shm")
        #expect(into.status == 0, "\(into.lines)")
    }

    @Test func aRankThatIsNoSourceMayHoldTheDestination() throws {
        let place = try place()
        let result = try collect(place, 3, "--sources", "0", "./s{rank}", "./s1/deep")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        try place.expectSame("s0", "s1/deep")
    }

    /// Whichever is finished last.
    @Test func aFolderOfSeveralRanksIsNoMoreOpenThanTheirs() throws {
        let place = try place()
        try place.shell(
            """
            chmod 755 s0/log && chmod 750 s1/log && chmod 700 s2/log && chmod 711 s1 &&
            touch -d 2001-02-03 s0/log
            """)
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell("stat -c %a out out/log") == "711\n700\n")
        #expect(try place.shell("stat -c %y out/log").hasPrefix("2001-02-03"))
    }

    /// A writer works on 16 contents at once.
    @Test func manySourcesAreCollectedOneAfterTheOther() throws {
        let place = try StagePlace()
        try place.shell("for i in $(seq 0 17); do mkdir s$i && echo $i > s$i/f$i || exit 1; done")
        let result = try collect(place, 18, "./s{rank}", "./out")
        #expect(result.status == 0, "\(result.lines)")
        #expect(
            try place.shell("cat out/* | sort -n | xargs") == "0 1 2 3 4 5 6 7 8 9 10 11 12 "
                + "13 14 15 16 17\n")
    }

    // MARK: Struck

    private func largePlace(_ byteCount: Int) throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            for i in 0 1 2; do mkdir s$i && echo $i > s$i/x$i &&
            head -c \(byteCount) /dev/urandom > s$i/f$i || exit 1; done
            """)
        return place
    }

    private static let slowly = ["--limit-rate", "80M", "./s{rank}", "./out"]

    @Test func aKilledJobIsContinued() throws {
        let place = try largePlace(60_000_000)
        let struck = try place.stage(3, all: Self.slowly, command: "collect") { handle in
            place.wait(for: 14 << 20, of: ".out.mpiswarm-part.1/tree/s1/f1")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try !place.exists("out/f1"))
        let result = try collect(place, 3, "./s{rank}", "./out")
        #expect(result.status == 0, "\(result.lines)")
        let fetched = try #require(result.summary).fetched
        #expect(fetched > 0 && fetched < 120_000_000 - (8 << 20))
        try place.shell("for i in 0 1 2; do cmp s$i/f$i out/f$i && cmp s$i/x$i out/x$i; done")
        #expect(try place.parts().isEmpty)
    }

    @Test func aSourceThatDiesIsNamedAndTheRestIsWhole() throws {
        let place = try largePlace(40_000_000)
        let result = try place.stage(3, all: Self.slowly, command: "collect") { handle in
            place.wait(for: 8 << 20, of: ".out.mpiswarm-part.2/tree/s2/f2")
            #expect(handle.signal(SIGKILL, rank: 2))
        }
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.hasSuffix(", rank 2: it was lost") }, "\(result.lines)")
        #expect(result.lines.contains { $0.contains(", rank 2: not collected: ") })
        #expect(line(result).hasPrefix("2 of 3 sources collected: "))
        try place.shell("for i in 0 1; do cmp s$i/f$i out/f$i && cmp s$i/x$i out/x$i; done")
        #expect(try !place.exists("out/f2") && !place.exists("out/x2"))
        let again = try collect(place, 3, "./s{rank}", "./out")
        #expect(again.status == 0, "\(again.lines)")
        try place.shell("cmp s2/f2 out/f2 && cmp s2/x2 out/x2")
        #expect(try place.parts().isEmpty)
    }
}
