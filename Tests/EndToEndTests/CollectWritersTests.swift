import Glibc
import TestSupport
import Testing

/// `collect --writers` under mpirun. Each rank has a SOURCE of its own, and all see DEST.
@Suite(.serialized, .waitsForProcesses) struct CollectWritersTests {
    private func collect(
        _ place: StagePlace, _ np: Int = 4, _ words: String...,
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws -> StageResult {
        try place.stage(np, all: words, command: "collect", meanwhile: meanwhile)
    }

    /// Four ranks with files of their own in folders that all have, and a copy of them all.
    private func place(_ byteCount: Int = 300_000) throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            for i in 0 1 2 3; do
            mkdir -p s$i/log/$i && echo $i > s$i/log/$i/x && echo $i > s$i/a$i &&
            head -c \(byteCount) /dev/urandom > s$i/log/b$i && ln s$i/a$i s$i/h$i || exit 1; done &&
            mkdir all && for i in 0 1 2 3; do cp -a s$i/. all || exit 1; done
            """)
        return place
    }

    private func writers(_ result: StageResult) -> [Int] {
        result.summary?.ranks.filter(\.copy).map(\.rank) ?? []
    }

    private func line(_ result: StageResult) -> String {
        result.command.output.split(separator: ";").first.map(String.init) ?? ""
    }

    @Test(arguments: [2, 4, 9]) func severalRanksWriteOneCopy(count: Int) throws {
        let place = try place()
        let result = try collect(place, 4, "--writers", "\(count)", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(line(result).hasPrefix("4 of 4 sources collected: 12 files, "))
        try place.shell("diff -r --no-dereference all out && test out/a1 -ef out/h1")
        #expect(writers(result) == Array(0..<min(4, count)))
        // A rank that writes its own source moves nothing.
        if count >= 4 { #expect(result.summary?.fetched == 0) }
        #expect(try place.parts().isEmpty && place.shell("ls -A | grep token || :").isEmpty)
        let again = try collect(place, 4, "--writers", "\(count)", "./s{rank}", "./out")
        #expect(again.status == 0 && again.summary?.fetched == 0)
    }

    @Test func eachSourceGetsAFolder() throws {
        let place = try place()
        let result = try collect(place, 4, "--writers", "3", "./s{rank}", "./o/d/{rank}")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        for rank in 0..<4 { try place.expectSame("s\(rank)", "o/d/\(rank)") }
        #expect(try place.parts().isEmpty && place.shell("ls -A").hasPrefix("all\no\n"))
    }

    @Test func aDryRunWritesNothing() throws {
        let place = try place()
        let result = try collect(place, 4, "-n", "--writers", "4", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell("ls -A") == "all\ns0\ns1\ns2\ns3\nsummary.json\n")
    }

    @Test func conflictsAreRefusedBeforeAnythingMoves() throws {
        let place = try place()
        try place.shell("echo > s3/a0")
        let result = try collect(place, 4, "--writers", "4", "./s{rank}", "./out")
        #expect(result.status == 2 && result.lines.count == 1, "\(result.lines)")
        #expect(try !place.exists("out") && place.parts().isEmpty)
    }

    /// All files of all writers have their names by then.
    @Test(arguments: ["./out", "./o/{rank}"])
    func aCommandRunsOnceAtTheEnd(destination: String) throws {
        let place = try place(20_000_000)
        let result = try collect(
            place, 4, "--writers", "3", "--then", "find {dest} -type f | wc -l; echo {rank}",
            "./s{rank}", destination)
        #expect(result.status == 0)
        let ends = result.lines.map { $0.split(separator: " ").last ?? "" }
        #expect(ends == ["16", "0"], "\(result.lines)")
    }

    @Test func aCommandDoesNotRunIfAnotherWriterFailed() throws {
        let place = try place()
        try place.shell("mkdir out && echo other > out/a2")
        let result = try collect(
            place, 4, "--writers", "4", "--then", "touch ran", "./s{rank}", "./out")
        #expect(result.status == 1 && line(result).hasPrefix("3 of 4 sources collected: "))
        #expect(result.lines.last?.contains(", rank 2: not collected: ") == true)
        #expect(try !place.exists("ran"))
    }

    @Test func sourcesAreRemoved() throws {
        let place = try place()
        try place.age(".")
        let result = try collect(
            place, 4, "--writers", "3", "--remove-source", "--then", "true", "./s{rank}", "./out")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell("find s? -mindepth 1") == "")
        try place.shell("diff -r --no-dereference all out")
    }

    @Test func aCommandThatFailsKeepsTheSourcesOfAllWriters() throws {
        let place = try place()
        try place.age(".")
        let result = try collect(
            place, 4, "--writers", "4", "--remove-source", "--then", "exit 3", "./s{rank}", "./out")
        #expect(result.status == 1)
        try place.shell("for i in 0 1 2 3; do cp -a s$i/. new || exit 1; done; diff -r all new")
    }

    // MARK: Struck

    private static let slowly = ["--limit-rate", "60M", "./s{rank}", "./out"]

    /// Also by another number of writers.
    @Test(arguments: ["1", "2", "4"]) func aKilledJobIsContinued(count: String) throws {
        let place = try place(60_000_000)
        let words = ["--writers", "2"] + Self.slowly
        let struck = try place.stage(4, all: words, command: "collect") { handle in
            place.wait(for: 14 << 20, of: ".out.mpiswarm-part.2/tree/s2/log/b2")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try !place.exists("out/log/b2"))
        let result = try collect(place, 4, "--writers", count, "./s{rank}", "./out")
        #expect(result.status == 0, "\(result.lines)")
        try place.shell("diff -r --no-dereference all out")
        #expect(try place.parts().isEmpty)
    }

    /// Rank 1 writes its own source and that of rank 3.
    @Test func aWriterThatDiesIsNamedAndTheRestIsWhole() throws {
        let place = try place(60_000_000)
        let words = ["--writers", "2"] + Self.slowly
        let result = try place.stage(4, all: words, command: "collect") { handle in
            place.wait(for: 8 << 20, of: ".out.mpiswarm-part.3/tree/s3/log/b3")
            #expect(handle.signal(SIGKILL, rank: 1))
        }
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.hasSuffix(", rank 1: it was lost") }, "\(result.lines)")
        #expect(result.lines.contains { $0.contains(", rank 3: not collected: ") })
        try place.shell("for i in 0 2; do cmp all/log/b$i out/log/b$i || exit 1; done")
        #expect(try !place.exists("out/log/b3"))
        let again = try collect(place, 4, "--writers", "2", "./s{rank}", "./out")
        #expect(again.status == 0, "\(again.lines)")
        try place.shell("diff -r --no-dereference all out")
        #expect(try place.parts().isEmpty)
    }
}
