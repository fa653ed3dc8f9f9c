import TestSupport
import Testing

/// `--exclude`, `--include` and `--files-from` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageFilterTests {
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p t/a t/logs && echo 1 > t/a/x && echo 2 > t/a/y.tmp && echo 3 > t/logs/z &&
            echo 4 > t/top && chmod 0 t/logs t/a/y.tmp && chown -R 65534 . && chmod 755 .
            """)
        return place
    }

    /// What is excluded may be unreadable, and is in no sum.
    @Test func excludedEntriesAreNeitherReadNorCounted() throws {
        let place = try place()
        let words = ["--exclude", "logs/", "--exclude", "*.tmp", "./t", "./o/{rank}"]
        let dry = try place.stage(2, all: ["--dry-run"] + words, isPlain: true)
        let real = try place.stage(2, all: words, isPlain: true)
        for result in [dry, real] {
            #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
            #expect(result.summary?.files == 2 && result.summary?.bytes == 4)
        }
        #expect(dry.command.output.hasPrefix("excluded: t/a/y.tmp\nexcluded: t/logs\n"))
        #expect(!real.command.output.contains("excluded"))
        #expect(try place.shell("cd o/1 && find . | sort") == ".\n./a\n./a/x\n./top\n")
        #expect(try place.parts().isEmpty)
    }

    @Test(arguments: [
        ("gone", nil, "--files-from ", "/gone: cannot be read: No such file or directory"),
        ("list", "# nothing\n", "--files-from ", "/list: it names no file"),
        (
            "list", "a\na/../../x\n", "--files-from ",
            "/list, line 2: a/../../x: it leads out of SOURCE"
        ),
        (
            "list", "a/x\nno\nnor\n", "--files-from names t/no, which is not in SOURCE, and 1 more",
            ""
        ),
    ])
    func aListThatCannotBeFollowedIsOneLine(
        name: String, list: String?, start: String, end: String
    ) throws {
        let place = try StagePlace()
        try place.shell("mkdir -p t/a && echo 1 > t/a/x")
        if let list { try place.shell("printf %s \"$1\" > list", list) }
        let result = try place.stage(2, "--files-from", "./\(name)", "./t", "./o/{rank}")
        #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
        let line = try #require(result.lines.first)
        #expect(line.hasPrefix("mpiswarm: stage: " + start) && line.contains(end), "\(line)")
        #expect(try !place.exists("o"))
    }

    @Test func theRestOfAListIsCopiedWhereThatIsAskedFor() throws {
        let place = try StagePlace()
        try place.shell(
            "mkdir -p t/a && echo 1 > t/a/x && echo 2 > t/y && printf 'no\\0a\\0' > list")
        let result = try place.stage(
            2, "--keep-going", "--files-from", "./list", "./t", "./o/{rank}")
        #expect(result.status == 1)
        #expect(result.lines == ["mpiswarm: t/no: not in SOURCE; it is not copied"])
        #expect(try place.shell("cd o/1 && find . | sort") == ".\n./a\n./a/x\n")
    }
}
