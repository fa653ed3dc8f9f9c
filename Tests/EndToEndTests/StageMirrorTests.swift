import TestSupport
import Testing

/// `--check` and `--delete` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageMirrorTests {
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p t/a && for i in $(seq 9); do echo $i > t/a/$i; done && head -c 300000 \
            /dev/urandom > t/big && mkdir o && cp -a t o/0 && cp -a t o/1
            """)
        return place
    }

    @Test func aCheckNamesEachDifferenceAndWritesNothing() throws {
        let place = try place()
        try place.shell(
            """
            cd o/1 && rm a/3 && echo 9 > a/4 && echo > extra && echo > x.log && touch big &&
            printf different | dd of=big bs=1 seek=200000 conv=notrunc status=none
            """)
        let picture = "find o -printf '%p %m %T@ %C@ %i\\n' | sort"
        let before = try place.shell(picture)
        let result = try place.stage(2, "--check", "--exclude", "*.log", "./t", "./o/{rank}")
        #expect(result.status == 1 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(try place.shell(picture) == before)
        let lines = result.command.output.split(separator: "\n").map {
            $0.replacing(place.path, with: "").drop { $0 != "," }
        }
        #expect(
            lines == [
                ", rank 1: missing: /o/1/a/3", ", rank 1: different: /o/1/a/4",
                ", rank 1: different: /o/1/big", ", rank 1: extra: /o/1/extra",
                ", 293.0 KiB; 1 missing, 2 different, 1 extra",
            ])
        let summary = try #require(result.summary)
        #expect(!summary.complete && summary.ranks.map(\.failure) == [nil, nil])
        #expect(summary.ranks.map(\.missing) == [0, 1] && summary.ranks.map(\.extra) == [0, 1])
        #expect(summary.ranks[1].differences.map(\.path) == ["1/a/3", "1/a/4", "1/big", "1/extra"])
    }

    /// Both ranks have one copy. An entry that cannot be removed is named, and the dry run then
    /// lists it alone.
    @Test func extrasAreRemovedAndListed() throws {
        let place = try place()
        try place.shell(
            """
            mkdir o/1/gone && echo > o/1/gone/x && rm o/1/a/1 && chown -R 65534 . &&
            mkdir o/1/foreign && echo > o/1/foreign/y && chmod 755 .
            """)
        let real = try place.stage(2, all: ["--delete", "./t", "./o/1"], isPlain: true)
        #expect(real.status == 1)
        let path = "\(place.path)/o/1/foreign/y"
        #expect(real.lines.count == 2, "\(real.command.errors)")
        #expect(real.lines.first?.hasSuffix(", rank 0: \(path): Permission denied") == true)
        #expect(real.lines.last?.hasSuffix(", rank 0: not removed: \(path)") == true)
        #expect(
            real.command.output.hasSuffix("\n2 files and folders that SOURCE lacks: removed\n"))
        #expect(try place.shell("cd o/1 && ls && ls a | wc -l") == "a\nbig\nforeign\n9\n")
        let dry = try place.stage(2, "--delete", "--dry-run", "./t", "./o/1")
        #expect(dry.status == 0 && dry.lines.isEmpty)
        #expect(dry.command.output.contains(", rank 0: extra: \(path)\n"))
        #expect(
            dry.command.output.hasSuffix(
                "\n2 files and folders that SOURCE lacks: would be removed\n"))
    }

    @Test func aSourceInsideTheCopyIsNotRemoved() throws {
        let place = try place()
        let result = try place.stage(1, "--delete", "./t/a", "./t")
        #expect(result.status == 2)
        #expect(
            result.lines == [
                "mpiswarm: stage: rank 0: SOURCE \(place.path)/t/a lies inside DEST "
                    + "\(place.path)/t: --delete would remove it"
            ])
        #expect(try place.exists("t/big"))
        // A rank that does not read has it in its copy; and what the job writes is kept.
        try place.shell("mkdir -p v/1/data/in && echo 1 > v/1/data/in/f && echo > v/1/mine")
        let other = try place.stage(
            2, "--delete", "--sources", "0", "./v/1/data", "./v/{rank}")
        #expect(other.status == 2 && other.lines.count == 1)
        #expect(try place.exists("v/1/mine") && place.exists("v/1/data/in/f"))
        let logged = try place.stage(1, "--delete", "--log", "./o/0/job.log", "./t", "./o/0")
        #expect(logged.status == 2)
        #expect(logged.lines.first?.contains("the file of --log, ") == true)
    }
}
