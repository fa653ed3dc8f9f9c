import Testing
import Vocabulary

@testable import CommandLine

@Suite struct CollectOptionsTests {
    private func options(_ words: String...) throws -> CollectOptions? {
        guard case .request(.collect(let options)) = try program.outcome(of: ["collect"] + words)
        else { return nil }
        return options
    }

    @Test func itsOptionsAreThoseOfStage() throws {
        let staging = try #require(
            try options(
                "--exclude", "*.tmp", "--include", "*", "--files-from", "l", "-p", "-f",
                "--verify", "--keep-going", "-n", "--sources", "1-3", "--fsync", "--then", "ls",
                "--then-timeout", "9s", "--limit-rate", "1Gbit", "--memory", "1M", "--workers",
                "3", "--wait", "1s", "--timeout", "2s", "--progress", "never", "-q", "-v",
                "--json", "j", "--report", "r", "--metrics", "m", "--log", "g", "/s/{rank}", "d"
            )?.staging)
        #expect(staging.command == "collect" && staging.paths == ["/s/{rank}", "d"])
        #expect(staging.filters.map(\.excludes) == [true, false] && staging.filesFrom == "l")
        #expect(staging.preserve && staging.force && staging.verify && staging.keepGoing)
        #expect(staging.dryRun && staging.fsync && staging.quiet && staging.verbose)
        #expect(staging.sources?.highest == 3 && staging.receivers == nil)
        #expect(staging.then == "ls" && staging.thenTimeout == .seconds(9))
        #expect(staging.memory == Size(bytes: 1 << 20) && staging.workers == 3)
        #expect(staging.limitRate != .unlimited && staging.progress == .never)
        #expect(staging.wait == .seconds(1) && staging.timeout == .seconds(2))
        #expect(staging.json == "j" && staging.report == "r")
        #expect(staging.metrics == "m" && staging.log == "g")
        let collect = try #require(staging.collect)
        #expect(collect.isOfEachRank && collect.source == "/s/{rank}")
        #expect(try options("s", "d")?.staging.collect?.isOfEachRank == false)
        #expect(StageOptions().collect == nil)
        #expect(collect.writersMax == 1)
        #expect(try options("--writers", "8", "s", "d")?.staging.collect?.writersMax == 8)
        #expect(try options("s", "d/{host}/{rank}.{1..3}{}{a")?.staging.paths.count == 2)
    }

    /// What is removed has no other copy than the one at DEST.
    @Test func theRemovalOfTheSourceNeedsProofs() throws {
        let staging = try #require(try options("--remove-source", "s", "d")?.staging)
        #expect(staging.collect?.removesSource == true && staging.verify && staging.fsync)
        let usual = try #require(try options("s", "d")?.staging)
        #expect(usual.collect?.removesSource == false && !usual.verify && !usual.fsync)
        #expect(!CollectOptions.table.description.variables.contains { $0.contains("REMOVE") })
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        for words in [
            ["s"], ["s", "d", "e"], ["s/{rnak}", "d"], ["s", "d/{hots}"], ["s", "d/{foo}"],
            ["s", "d{host}{hostname}"], ["--then-timeout", "1s", "s", "d"],
            ["--delete", "s", "d"], ["--writers", "0", "s", "d"],
        ] {
            #expect(throws: UsageError.self, "\(words)") {
                try program.outcome(of: ["collect"] + words)
            }
        }
    }
}
