import TestSupport
import Testing

/// Jobs whose copies are hard links of the files in a cache. A folder for each rank stands for the
/// disk of a node.
@Suite(.serialized, .waitsForProcesses) struct StageCacheLinkTests {
    private func stage(
        _ place: StagePlace, into folder: String, _ words: String..., np: Int = 3
    ) throws -> StageResult {
        let cache = words.isEmpty ? ["--cache", "./c/{rank}"] : words
        let copy = folder.hasPrefix("/") ? folder : "./\(folder)/{rank}"
        return try place.stage(np, all: ["--cache-link"] + cache + ["./t", copy])
    }

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            umask 022 && mkdir t && cd t && head -c 3000000 /dev/urandom > x &&
            head -c 200000 x > y &&
            head -c 90000 x > group && chmod 664 group && head -c 80000 x > a && ln a b
            """)
        try place.age("t")
        return place
    }

    /// All but the number of names.
    private func expectWhole(_ place: StagePlace, _ folder: String) throws {
        for rank in 0..<3 { try expectSame(place, "\(folder)/\(rank)") }
    }

    private func expectSame(_ place: StagePlace, _ copy: String) throws {
        try place.shell(
            """
            diff -r t "$1" >&2 && for tree in t "$1"; do
                mv -f new old 2> /dev/null; find "$tree" -printf '%P %y %m %T@\\n' | sort > new
            done; diff old new >&2 && rm old new
            """, copy)
    }

    @Test func aCopyAndTheCacheAreOneFile() throws {
        let place = try place()
        for folder in ["one", "two", "three"] {
            let result = try stage(place, into: folder)
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            #expect((result.summary?.fetched == 0) == (folder != "one"))
            try expectWhole(place, folder)
        }
        // Files that others may write to, or that have several names, are copies.
        for rank in 0..<3 {
            try place.shell(
                """
                for name in x y; do for folder in two three; do
                    [ one/$1/$name -ef $folder/$1/$name ] || exit 1
                done; done
                [ $(stat -c %h one/$1/x) = 4 ] && [ $(stat -c %h two/$1/group) = 1 ] &&
                [ $(stat -c %h two/$1/a) = 2 ] && [ two/$1/a -ef two/$1/b ]
                """, "\(rank)")
        }
        #expect(try place.parts().isEmpty)
    }

    /// What its user writes into a copy is written to the cache, and to the other copies.
    @Test(arguments: ["", "&& touch -r d one/1/x"])
    func whatIsWrittenToACopyIsFoundByTheNextJob(later: String) throws {
        let place = try place()
        #expect(try stage(place, into: "one").status == 0)
        try place.shell(
            """
            touch -r one/1/x d && printf mine | dd of=one/1/x bs=1 seek=77 conv=notrunc \
            status=none \(later) && cp -p one/1/x kept
            """)
        let second = try stage(place, into: "two")
        #expect(second.status == 0 && second.lines.isEmpty, "\(second.command.errors)")
        #expect(second.summary?.ranks[1].fetched ?? 0 > 0 && second.summary?.read == 0)
        try expectWhole(place, "two")
        try place.shell("cmp one/1/x kept && [ ! one/1/x -ef two/1/x ]")
        let third = try stage(place, into: "three")
        #expect(third.status == 0 && third.summary?.fetched == 0)
        try expectWhole(place, "three")
        try place.shell("cmp one/1/x kept && [ three/1/x -ef two/1/x ]")
        let check = try place.shell("\(ProcessRunner.product("mpiswarm")) cache verify c/1")
        #expect(check.hasPrefix("good: "), "\(check)")
    }

    /// Links do not lead from one file system to another.
    @Test func anotherFileSystemGetsCopies() throws {
        let place = try place()
        let other = try #require(place.path.split(separator: "/").last)
        let folder = "/dev/shm/\(other)"
        defer {
            do { try place.shell("rm -rf \(folder)") } catch { print("\(folder): \(error)") }
        }
        for round in 0..<2 {
            let result = try stage(
                place, into: "\(folder)/\(round)", "--cache", "./c", np: 1)
            #expect(result.status == 0 && result.lines.count == 1, "\(result.command.errors)")
            let words = "and this copy are on different file systems: files are copied"
            #expect(result.lines.first?.hasSuffix(words) == true, "\(result.lines)")
            #expect(result.summary?.read == 0 || round == 0)
            try expectSame(place, "\(folder)/\(round)")
        }
    }

    @Test func ranksOfANodeShareACache() throws {
        let place = try place()
        for folder in ["one", "two", "three"] {
            let result = try stage(place, into: folder, "--cache", "./c")
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            #expect((result.summary?.fetched == 0) == (folder != "one"))
            try expectWhole(place, folder)
        }
        try place.shell("[ three/0/x -ef three/2/x ]")
    }

    @Test func aKilledJobIsContinued() throws {
        let place = try StagePlace()
        try place.shell(
            """
            umask 022 && mkdir t && head -c 60000000 /dev/urandom > t/f && head -c 70000 t/f > t/x
            """)
        try place.age("t")
        let words = ["--cache-link", "--cache", "./c/{rank}"]
        let first = try place.stage(2, all: words + ["./t", "./one/{rank}"])
        #expect(first.status == 0, "\(first.command.errors)")
        try place.shell("rm -r c/1 && cp -p one/0/f kept")
        let slowly = words + ["--limit-rate", "80M", "./t", "./two/{rank}"]
        let struck = try place.stage(2, all: slowly) { handle in
            place.wait(for: 14 << 20, of: "two/.1.mpiswarm-part/tree/t/f")
            handle.killAll()
        }
        #expect(struck.status != 0)
        let second = try place.stage(2, all: words + ["./t", "./two/{rank}"])
        #expect(second.status == 0, "\(second.command.errors)")
        for rank in 0..<2 { try expectSame(place, "two/\(rank)") }
        try place.shell("cmp one/0/f kept")
        #expect(try place.parts().isEmpty)
    }

    @Test func itNeedsACache() throws {
        let place = try place()
        let result = try place.stage(2, "--cache-link", "./t", "./o/{rank}")
        #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("--cache-link") == true)
        #expect(try !place.exists("o"))
    }
}
