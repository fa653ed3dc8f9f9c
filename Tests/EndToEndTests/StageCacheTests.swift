import Glibc
import TestSupport
import Testing

/// Jobs that find what an earlier one staged in a cache. A folder for each rank stands for the
/// disk of a node.
@Suite(.serialized, .waitsForProcesses) struct StageCacheTests {
    private func stage(
        _ place: StagePlace, into folder: String, _ words: String...
    ) throws -> StageResult {
        try place.stage(
            3, all: ["--cache", "./c/{rank}"] + words + ["./tree", "./\(folder)/{rank}"])
    }

    private func expectWhole(_ place: StagePlace, _ folder: String) throws {
        for rank in 0..<3 { try place.expectSame("tree", "\(folder)/\(rank)") }
    }

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p tree/a/b tree/empty tree/many && cd tree && : > nothing &&
            truncate -s 3M hole && head -c 300001 /dev/urandom > big && truncate -s 50M holes &&
            printf x | dd of=holes bs=1 seek=20000000 conv=notrunc status=none &&
            ln -s nowhere dangling && ln big hard && ln big a/b/hard2 &&
            for i in $(seq 20); do head -c 70000 /dev/urandom > many/$i; done &&
            chmod 400 many/5 && touch -d '1969-12-31 23:00:00 UTC' big && chmod 555 a/b
            """)
        try place.age("tree")
        return place
    }

    @Test(arguments: [[], ["--preserve"], ["--digest", "sha256"]])
    func theSecondJobMovesNothing(options: [String]) throws {
        let place = try place()
        for folder in ["one", "two", "three"] {
            let result = try place.stage(
                3, all: ["--cache", "./c/{rank}"] + options + ["./tree", "./\(folder)/{rank}"])
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            let summary = try #require(result.summary)
            #expect((summary.read == 0) == (folder != "one"), "\(folder): \(summary.read)")
            #expect((summary.fetched == 0) == (folder != "one"), "\(folder): \(summary.fetched)")
            try expectWhole(place, folder)
            for rank in 0..<3 {
                try place.shell("diff -r --no-dereference tree \(folder)/\(rank)")
            }
        }
        #expect(try place.parts().isEmpty)
    }

    /// They are not kept.
    @Test func shortFilesAreFetchedEachTime() throws {
        let place = try StagePlace()
        try place.makeTree()
        for folder in ["one", "two"] {
            let result = try stage(place, into: folder)
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            #expect(result.summary?.fetched ?? 0 > 0)
            try expectWhole(place, folder)
        }
        #expect(try place.shell("find c/1/files -size -65536c -type f").isEmpty)
    }

    /// The publisher keeps no copy.
    @Test func aPublisherWithoutACopyNeedsNone() throws {
        let place = try place()
        for folder in ["one", "two"] {
            let result = try stage(place, into: folder, "--sources", "0", "--receivers", "1,2")
            #expect(result.status == 0, "\(result.command.errors)")
            #expect((result.summary?.fetched == 0) == (folder == "two"))
            for rank in 1..<3 { try place.expectSame("tree", "\(folder)/\(rank)") }
        }
    }

    @Test func ranksWhoseCacheHasPiecesServeTheOthers() throws {
        let place = try place()
        #expect(try stage(place, into: "one").status == 0)
        try place.shell("rm -r c/1")
        let result = try stage(place, into: "two")
        let summary = try #require(result.summary)
        #expect(result.status == 0 && summary.read == 0)
        #expect(summary.ranks[1].fetched > 0 && summary.ranks[2].fetched == 0)
        try expectWhole(place, "two")
    }

    @Test func aDamagedEntryIsRepairedFromTheOthers() throws {
        let place = try place()
        #expect(try stage(place, into: "one").status == 0)
        try place.shell(
            """
            for file in $(find c/1/files -size +299999c -size -300002c); do
                printf damage | dd of=$file bs=1 seek=1000 conv=notrunc status=none
            done
            """)
        let second = try stage(place, into: "two")
        #expect(second.status == 0 && second.lines.isEmpty, "\(second.command.errors)")
        let summary = try #require(second.summary)
        #expect(summary.ranks[1].fetched > 0 && summary.fetched < 30_000_000)
        try expectWhole(place, "two")
        let third = try stage(place, into: "three")
        #expect(third.summary?.fetched == 0)
        try expectWhole(place, "three")
    }

    /// The length and the date of the source are what they were; its bytes are not.
    @Test func aSourceThatChangedIsReadAgain() throws {
        let place = try place()
        #expect(try stage(place, into: "one").status == 0)
        try place.shell(
            """
            touch -r tree/big date && printf changed | dd of=tree/big bs=1 seek=500 conv=notrunc \
            status=none && touch -r date tree/big && rm date
            """)
        let result = try stage(place, into: "two")
        #expect(result.status == 0, "\(result.command.errors)")
        let read = try #require(result.summary).read
        #expect(read >= 300_001 && read < 600_000, "the other files are not read: \(read)")
        try expectWhole(place, "two")
        let third = try stage(place, into: "three")
        #expect(third.summary?.fetched == 0)
        try expectWhole(place, "three")
    }

    @Test func verifyingReadsTheSource() throws {
        let place = try place()
        #expect(try stage(place, into: "one").status == 0)
        let result = try stage(place, into: "two", "--verify")
        let summary = try #require(result.summary)
        #expect(result.status == 0 && summary.read > 0 && summary.fetched == 0)
        try expectWhole(place, "two")
    }

    @Test func ofTwoJobsOneFetches() throws {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c 3000000 /dev/urandom > t/x && head -c 70000 t/x > t/y")
        var trouble: (any Error)?
        let slow = ["--limit-rate", "8M", "--cache", "./c/{rank}", "./t", "./o/{rank}"]
        let first = try place.stage(3, all: slow) { _ in
            place.wait(for: 1, of: "o/.1.mpiswarm-part/tree/t/x")
            do {
                let second = try place.stage(3, "--cache", "./c/{rank}", "./t", "./p/{rank}")
                #expect(second.status == 0 && second.lines.count == 1, "\(second.command.errors)")
                let words = "or the same SOURCE through its cache: waiting for its end"
                #expect(second.lines.first?.contains(words) == true)
                #expect(second.summary?.fetched == 0)
            } catch { trouble = error }
        }
        if let trouble { throw trouble }
        #expect(first.status == 0, "\(first.command.errors)")
        for rank in 0..<3 {
            try place.expectSame("t", "o/\(rank)")
            try place.expectSame("t", "p/\(rank)")
        }
    }

    /// The ranks of a node may have a cache in common and copies of their own.
    @Test func ranksOfANodeShareACache() throws {
        let place = try place()
        for folder in ["one", "two"] {
            let result = try place.stage(3, "--cache", "./c", "./tree", "./\(folder)/{rank}")
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            #expect((result.summary?.fetched == 0) == (folder == "two"))
            try expectWhole(place, folder)
        }
    }

    @Test func aKilledJobIsContinued() throws {
        let place = try StagePlace()
        try place.shell(
            "mkdir tree && head -c 60000000 /dev/urandom > tree/f && head -c 70000 tree/f > tree/x")
        let words = ["--limit-rate", "80M", "--cache", "./c/{rank}", "./tree", "./one/{rank}"]
        let struck = try place.stage(3, all: words) { handle in
            place.wait(for: 14 << 20, of: "one/.1.mpiswarm-part/tree/tree/f")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try place.shell("find c/1 c/2 -path '*/files/*' -o -path '*/trees/*'").isEmpty)
        let second = try stage(place, into: "one")
        #expect(second.status == 0, "\(second.command.errors)")
        try expectWhole(place, "one")
        let third = try stage(place, into: "two")
        #expect(third.summary?.fetched == 0)
        try expectWhole(place, "two")
        #expect(try place.parts().isEmpty)
    }
}
