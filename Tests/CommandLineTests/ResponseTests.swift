import CommandLine
import Testing
import Vocabulary

struct ResponseTests {
    private let alone = LaunchEnvironment { _ in nil }
    private let silence = Response.leave(text: "", stream: .output, exitStatus: 0)

    private func ranked(_ name: String, _ value: String) -> LaunchEnvironment {
        LaunchEnvironment { $0 == name ? value : nil }
    }

    @Test(arguments: ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"])
    func everyLauncherNamesTheRank(variable: String) {
        #expect(ranked(variable, "0").rank == Rank(0))
        #expect(ranked(variable, "0").speaksForTheJob)
        #expect(ranked(variable, "17").rank == Rank(17))
        #expect(!ranked(variable, "17").speaksForTheJob)
    }

    @Test(arguments: ["", "-1", "one", "4294967296"])
    func aVariableWithoutARankIsPassedOver(text: String) {
        #expect(ranked("PMIX_RANK", text).rank == nil)
        let both = LaunchEnvironment { $0 == "OMPI_COMM_WORLD_RANK" ? text : "3" }
        #expect(both.rank == Rank(3))
    }

    @Test func aUsageErrorIsSaidOnceAndOnlyRankZeroFails() {
        let line = "mpiswarm: unknown command 'rnu'; the nearest is 'run'\n"
        let said = Response.leave(text: line, stream: .error, exitStatus: 2)
        #expect(program.response(to: ["rnu"], in: alone) == said)
        #expect(program.response(to: ["rnu"], in: ranked("PMIX_RANK", "0")) == said)
        #expect(program.response(to: ["rnu"], in: ranked("PMIX_RANK", "1")) == silence)
    }

    /// Repaired, such a path would be that of something different.
    @Test func anArgumentThatIsNotTextIsRefused() {
        let words = ["stage", "s"].map { Array($0.utf8) } + [[0x64, 0xFF, 0x65]]
        let line =
            "mpiswarm: argument 'd\\xffe' is not UTF-8: name the folder that holds it, "
            + "or a link to it\n"
        #expect(
            program.response(to: words, in: alone)
                == .leave(text: line, stream: .error, exitStatus: 2))
        #expect(program.response(to: words, in: ranked("PMIX_RANK", "1")) == silence)
        #expect(
            program.response(to: [Array("rnu".utf8)], in: alone)
                == program.response(to: ["rnu"], in: alone))
    }

    @Test(arguments: [[], ["--help"], ["--version"], ["help", "run"], ["completion", "bash"]])
    func anAnswerIsSaidOnceWithSuccess(words: [String]) {
        guard case .leave(let text, .output, 0) = program.response(to: words, in: alone) else {
            Issue.record("an answer goes to standard output with status 0")
            return
        }
        #expect(text.hasSuffix("\n"))
        #expect(program.response(to: words, in: ranked("PMIX_RANK", "2")) == silence)
    }

    @Test func everyRankPerformsARequest() {
        for rank in ["0", "1"] {
            let response = program.response(to: ["run", "d"], in: ranked("PMIX_RANK", rank))
            var options = RunOptions()
            options.directory = "d"
            #expect(response == .perform(.run(options)))
        }
    }

    @Test(arguments: [
        (
            ["run"],
            "run: DIR is missing (the folder with in1.txt and so on for each peer, or Common.cfg "
                + "and PeerInfo.cfg)"
        ),
        (["run", "a", "b"], "run: unexpected argument 'b'"),
        (["run", "--output"], "run: option '--output' needs a value, a path"),
        (["run", "--stats=1"], "run: option '--stats' takes no value, but was given '1'"),
        (["-V=1"], "option '-V' takes no value, but was given '1'"),
        (["--version=1"], "option '--version' takes no value, but was given '1'"),
        (["--stats"], "option '--stats' stands after its command, as in 'mpiswarm run --stats'"),
        (["run", "-s"], "run: unknown option '-s'; 'mpiswarm run --help' lists them"),
        (["-n"], "option '-n' stands after its command, as in 'mpiswarm stage -n'"),
        (
            ["probe", "--count=x"],
            "probe: 'x' is not a value for --count, which takes a number from -5 to 100"
        ),
        (
            ["probe", "--mode=x"],
            "probe: 'x' is not a value for --mode, which takes one of ring, full"
        ),
        (
            ["probe", "--size=x"],
            "probe: 'x' is not a value for --size, which takes a size such as 64K, 1M or 2G"
        ),
        (
            ["make", "d", "--format", "seed", "-o", "x.torrent"],
            "make: --format seed writes a .seed, and --output is 'x.torrent'"
        ),
        (
            ["make", "d", "--format=torrent-v1", "-o", "x.Manifest"],
            "make: --format torrent-v1 writes a .torrent, and --output is 'x.Manifest'"
        ),
        (["frobnicate"], "unknown command 'frobnicate'; 'mpiswarm help' lists them"),
        (
            ["run", "--bandwidth=1"],
            "run: unknown option '--bandwidth'; 'mpiswarm run --help' lists them"
        ),
        (["--bandwidth"], "unknown option '--bandwidth'; 'mpiswarm --help' lists them"),
        (
            ["a\nb\u{1B}[2J\u{2028}"],
            #"unknown command 'a\nb\u{1B}[2J\u{2028}'; 'mpiswarm help' lists them"#
        ),
    ])
    func everyErrorIsOneLineWithStatusTwo(words: [String], sentence: String) {
        #expect(
            program.response(to: words, in: alone)
                == .leave(text: "mpiswarm: \(sentence)\n", stream: .error, exitStatus: 2))
    }

    @Test func anEndlessWordIsCut() {
        let words = [String(repeating: "x", count: 10_000)]
        guard case .leave(let text, .error, 2) = program.response(to: words, in: alone) else {
            Issue.record("an unknown command is an error")
            return
        }
        #expect(text.utf8.count < 200)
    }
}
