import Glibc
import TestSupport
import Testing

/// `collect --remove-source` under mpirun. Each rank has a SOURCE of its own.
@Suite(.serialized, .waitsForProcesses) struct CollectRemovalTests {
    private func collect(
        _ place: StagePlace, _ words: String..., isPlain: Bool = false,
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws -> StageResult {
        try place.stage(
            3, all: ["--remove-source"] + words, isPlain: isPlain, command: "collect",
            meanwhile: meanwhile)
    }

    /// Three ranks with a file, a folder, a link and a second name, and a copy of them all.
    private func place(_ byteCount: Int = 300_000) throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            for i in 0 1 2; do
            mkdir -p s$i/log/$i && echo $i > s$i/log/$i/x && echo $i > s$i/a$i &&
            head -c \(byteCount) /dev/urandom > s$i/f$i && ln -s a$i s$i/l$i &&
            ln s$i/a$i s$i/h$i || exit 1; done &&
            mkdir all && for i in 0 1 2; do cp -a s$i/. all || exit 1; done
            """)
        try place.age(".")
        return place
    }

    private func left(_ place: StagePlace) throws -> [String] {
        try place.shell("find s0 s1 s2 -mindepth 1 | sort").split(separator: "\n").map(String.init)
    }

    private func lastLine(_ result: StageResult) -> String {
        result.command.output.split(separator: "\n").last.map(String.init) ?? ""
    }

    private static let all = "21 files and folders in SOURCE: removed"

    @Test func whatHasItsFinalNamesIsRemoved() throws {
        let place = try place()
        let result = try collect(place, "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(lastLine(result) == Self.all)
        #expect(try left(place) == [])
        try place.shell("diff -r --no-dereference all out && test out/a1 -ef out/h1")
        #expect(try place.parts().isEmpty)
        let again = try collect(place, "./s{rank}", "./out")
        #expect(again.status == 0 && again.lines.isEmpty, "\(again.command.errors)")
        try place.shell("diff -r --no-dereference all out")
    }

    /// What is there and identical is removed without being moved.
    @Test func aFormerRunNeedsNotToBeRepeated() throws {
        let place = try place()
        #expect(
            try place.stage(3, all: ["./s{rank}", "./out"], command: "collect").status == 0)
        // As if it had been killed while it removed.
        try place.shell("rm -r s0/log s1/f1")
        let result = try collect(place, "./s{rank}", "./out")
        #expect(result.status == 0 && result.summary?.fetched == 0, "\(result.lines)")
        #expect(try left(place) == [])
        try place.shell("diff -r --no-dereference all out")
    }

    @Test func aConflictRemovesNothing() throws {
        let place = try place()
        try place.shell("echo > s1/a0")
        let before = try left(place)
        let result = try collect(place, "./s{rank}", "./out")
        #expect(result.status == 2 && result.lines.count == 1, "\(result.lines)")
        #expect(try left(place) == before && !place.exists("out"))
    }

    /// Not even what is identical at DEST: all of a rank, or nothing.
    @Test func aRankOfWhichAnythingFailedKeepsEverything() throws {
        let place = try place()
        try place.shell("mkdir out && cp -a s1/h1 s2/l2 out && head -c 300000 /dev/zero > out/f1")
        try place.shell("touch -r s1/f1 out/f1")
        let result = try collect(place, "./s{rank}", "./out")
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.contains(", rank 1: not collected: ") })
        #expect(lastLine(result) == "14 files and folders in SOURCE: removed")
        #expect(try left(place).allSatisfy { $0.hasPrefix("s1/") } && left(place).count == 7)
        let forced = try collect(place, "--force", "./s{rank}", "./out")
        #expect(forced.status == 0, "\(forced.lines)")
        #expect(try left(place) == [])
        try place.shell("diff -r --no-dereference all out")
    }

    @Test func aDryRunListsWhatWouldGo() throws {
        let place = try place()
        let before = try left(place)
        let result = try collect(place, "-n", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(lastLine(result) == "21 files and folders in SOURCE: would be removed")
        let path = ", rank 1: would be removed: \(place.path)/s1/log/1/x\n"
        #expect(result.command.output.contains(path), "\(result.command.output)")
        #expect(try left(place) == before && !place.exists("out"))
    }

    @Test func whatIsExcludedStays() throws {
        let place = try place()
        let result = try collect(place, "--exclude", "x", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        let expected = (0..<3).flatMap { ["s\($0)/log", "s\($0)/log/\($0)", "s\($0)/log/\($0)/x"] }
        #expect(try left(place) == expected)
    }

    @Test func aCommandThatFailsKeepsTheSources() throws {
        let place = try place()
        let before = try left(place)
        let result = try collect(place, "--then", "exit 3", "./s{rank}", "./out")
        #expect(result.status == 1)
        #expect(try left(place) == before)
        try place.shell("diff -r --no-dereference all out")
    }

    /// The command runs when all files have their names, and before anything is removed.
    @Test func whatChangedOrWasAddedStaysAndIsNamed() throws {
        let place = try place()
        let command = "echo more >> \(place.path)/s1/a1; echo > \(place.path)/s2/log/new"
        let result = try collect(place, "--then", command, "./s{rank}", "./out")
        #expect(result.status == 1)
        // Both names of the file that has changed, and the new one.
        for (rank, path) in [(1, "s1/a1"), (1, "s1/h1"), (2, "s2/log/new")] {
            let words = ", rank \(rank): not removed, because it is new, has changed "
            #expect(
                result.lines.contains { $0.contains(words) && $0.hasSuffix("/\(path)") },
                "\(result.lines)")
        }
        #expect(result.lines.count == 3)
        #expect(try left(place) == ["s1/a1", "s1/h1", "s2/log", "s2/log/new"])
        try place.shell("diff -r --no-dereference all out")
    }

    /// A rank that could not read something has not collected everything.
    @Test func aSourceThatCannotBeReadInPartStays() throws {
        let place = try place()
        try place.shell("chmod 000 s1/log/1/x && chown -hR 65534:65534 .")
        try place.age(".")
        let result = try collect(place, "--keep-going", "./s{rank}", "./out", isPlain: true)
        #expect(result.status == 1)
        let words = "--remove-source removes nothing of \(place.path)/s1, because some of it"
        #expect(result.lines.contains { $0.contains(words) }, "\(result.lines)")
        #expect(try left(place).allSatisfy { $0.hasPrefix("s1/") } && left(place).count == 7)
    }

    @Test func aSingleFileIsRemoved() throws {
        let place = try place()
        let result = try collect(place, "./s{rank}/f{rank}", "./out/")
        #expect(result.status == 0, "\(result.lines)")
        #expect(lastLine(result) == "3 files and folders in SOURCE: removed")
        #expect(try left(place).allSatisfy { !$0.contains("/f") } && left(place).count == 18)
        try place.shell("for i in 0 1 2; do cmp all/f$i out/f$i || exit 1; done")
    }

    // MARK: Struck

    private static let slowly = ["--limit-rate", "80M", "./s{rank}", "./out"]

    @Test func aKilledJobKeepsTheSourcesAndARerunRemovesThem() throws {
        let place = try place(60_000_000)
        let before = try left(place)
        let words = ["--remove-source"] + Self.slowly
        let struck = try place.stage(3, all: words, command: "collect") { handle in
            place.wait(for: 14 << 20, of: ".out.mpiswarm-part.1/tree/s1/f1")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try left(place) == before)
        let result = try collect(place, "./s{rank}", "./out")
        #expect(result.status == 0, "\(result.lines)")
        #expect(try left(place) == [])
        try place.shell("diff -r --no-dereference all out")
    }

    @Test(arguments: [0, 2]) func aRankThatDiesKeepsItsFiles(rank: Int32) throws {
        let place = try place(40_000_000)
        let words = ["--remove-source"] + Self.slowly
        let result = try place.stage(3, all: words, command: "collect") { handle in
            place.wait(for: 8 << 20, of: ".out.mpiswarm-part.2/tree/s2/f2")
            #expect(handle.signal(SIGKILL, rank: Int(rank)))
        }
        #expect(result.status == 1)
        let left = try left(place)
        // Without the rank that writes, no rank knows what has its names.
        let keeping = rank == 0 ? ["s0/", "s1/", "s2/"] : ["s2/"]
        #expect(left.count == 7 * keeping.count, "\(left)")
        #expect(left.allSatisfy { path in keeping.contains { path.hasPrefix($0) } }, "\(left)")
        let again = try collect(place, "./s{rank}", "./out")
        #expect(again.status == 0, "\(again.lines)")
        #expect(try self.left(place) == [])
        try place.shell("diff -r --no-dereference all out")
        #expect(try place.parts().isEmpty)
    }
}
