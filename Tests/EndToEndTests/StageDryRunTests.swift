import TestSupport
import Testing

/// `--dry-run` and the real run report the same of each situation.
@Suite(.serialized, .waitsForProcesses) struct StageDryRunTests {
    struct Situation: CustomTestStringConvertible {
        let testDescription: String
        /// The script that makes it, in a folder with the source `t`.
        let script: String
        var words: [String] = []
        /// What the copies of both ranks need, in whole pieces of 64 KiB; the last one is shorter.
        let needed: [Int]
        var status: Int32 = 0
        var isPlain = false
        var destination = "./o/{rank}"
    }

    private static let staged = "mkdir o && cp -a t o/0 && cp -a t o/1 && "
    private static let damage =
        "printf '\\0\\0\\0\\0' | dd bs=1 seek=200000 conv=notrunc status=none of="

    static let situations = [
        Situation(
            testDescription: "nothing is there; holes and file lists are no payload",
            script: "truncate -s 50M t/hole && cd t && seq 2000 | xargs touch",
            needed: [500_002, 500_002]),
        Situation(
            testDescription: "nothing is wrong", script: staged + "touch o/1/x",
            words: ["--verify"], needed: [0, 0]),
        Situation(
            testDescription: "a file is missing, and one is different",
            script: staged + "rm o/0/y && echo z > o/1/y", needed: [41_250, 0], status: 1),
        Situation(
            testDescription: "a different file is replaced", script: staged + "echo z > o/1/y",
            words: ["--force"], needed: [0, 41_250]),
        Situation(
            testDescription: "both are damaged, and one lacks a file",
            script: staged + damage + "o/0/x && " + damage + "o/1/x && rm o/1/y",
            words: ["--verify"], needed: [65_536, 106_786]),
        Situation(
            testDescription: "a destination below a file, and one that may not be made",
            script: "echo > 0 && mkdir 1 && chmod 555 1", needed: [0, 0], status: 1,
            isPlain: true, destination: "./{rank}/a/b"),
    ]

    /// Without the dates of folders: what is made there and removed again changes them.
    private func picture(_ place: StagePlace) throws -> String {
        try place.shell(
            """
            find . \\( -name summary.json -o -type d \\) -o -printf '%P %y %m %T@ %i\\n' | sort
            find . -type d -printf '%P %m\\n' | sort
            """)
    }

    private func stage(_ place: StagePlace, _ situation: Situation, _ words: [String]) throws
        -> StageResult
    {
        let all = situation.words + words + ["./t", situation.destination]
        return try place.stage(2, all: all, isPlain: situation.isPlain)
    }

    @Test(arguments: situations)
    func bothSayTheSame(situation: Situation) throws {
        let place = try StagePlace()
        try place.shell(
            "mkdir t && head -c 500000 /dev/urandom > t/x && echo y > t/y && (\(situation.script))")
        if situation.isPlain { try place.shell("chown -R 65534 . && chmod 755 .") }
        let before = try picture(place)
        let dry = try stage(place, situation, ["--dry-run"])
        #expect(try picture(place) == before)
        let real = try stage(place, situation, [])
        #expect(dry.status == real.status)
        #expect(real.status == situation.status, "\(real.command.errors)")
        #expect(dry.lines == real.lines)
        let (said, done) = (try #require(dry.summary), try #require(real.summary))
        #expect(said.ranks.map(\.failure) == done.ranks.map(\.failure))
        #expect(said.complete == done.complete)
        #expect(said.bytes == done.bytes && said.files == done.files)
        #expect(said.ranks.map(\.needed) == situation.needed)
        #expect(done.ranks.map(\.needed) == situation.needed)
        #expect(said.fetched == 0)
        // Only rank 0 reads the source.
        #expect(done.ranks[1].fetched == situation.needed[1])
    }

    @Test(arguments: [false, true])
    func unreadableFilesAreNamedByBothRuns(keepsGoing: Bool) throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p t/open t/closed && for i in $(seq 14); do echo $i > t/open/$i; done &&
            echo y > t/closed/y && chmod 0 t/closed t/open/1 t/open/2 &&
            chown -R 65534 . && chmod 755 .
            """)
        let words = keepsGoing ? ["--keep-going"] : []
        var results: [StageResult] = []
        for dry in [["--dry-run"], []] {
            results.append(
                try place.stage(2, all: words + dry + ["./t", "./o/{rank}"], isPlain: true))
        }
        let lines =
            keepsGoing
            ? ["t/closed", "t/open/1", "t/open/2"].map {
                "mpiswarm: \($0): Permission denied; it is not copied"
            }
            : [
                "mpiswarm: stage: rank 0: t/closed: Permission denied, and 2 more; "
                    + "--keep-going copies the rest"
            ]
        for result in results {
            #expect(result.status == 1)
            #expect(result.lines == lines)
        }
        #expect(results[0].summary?.ranks.map(\.needed) == results[1].summary?.ranks.map(\.needed))
        guard keepsGoing else {
            #expect(try !place.exists("o"))
            return
        }
        let summary = try #require(results[1].summary)
        #expect(!summary.complete && summary.unreadable == 3)
        #expect(summary.ranks.allSatisfy { $0.failure == nil })
        #expect(try place.shell("ls o/1; ls o/1/open | wc -l") == "open\n12\n")
        #expect(try place.parts().isEmpty)
    }
}
