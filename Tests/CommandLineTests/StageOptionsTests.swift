import CommandLine
import Testing
import Vocabulary

struct StageOptionsTests {
    private let program = Program(version: "1", date: "", libraries: { [] })

    private func options(_ words: String...) throws -> StageOptions? {
        guard case .request(.stage(let options)) = try program.outcome(of: ["stage"] + words)
        else { return nil }
        return options
    }

    @Test func theLastPathIsTheDestination() throws {
        let options = try #require(try options("a", "b", "--force", "to/"))
        #expect(options.sourcePaths == ["a", "b"])
        #expect(options.destination == "to/")
        #expect(options.force)
    }

    @Test func aSourceAloneIsRefused() throws {
        #expect(throws: UsageError.self) { try options("a") }
        #expect(throws: UsageError.self) { try options() }
    }

    @Test func aDescriptionStandsAlone() throws {
        #expect(try options("--have", "d", "t", "to")?.have == "d")
        #expect(throws: UsageError.self) { try options("--have", "d", "t", "u", "to") }
    }

    @Test func anArchiveIsNeitherADescriptionNorATreeOfLinks() throws {
        let options = try #require(try options("--unpack", "a.tar", "b.zip", "to/"))
        #expect(options.unpack && options.sourcePaths == ["a.tar", "b.zip"])
        #expect(throws: UsageError.self) { try self.options("--unpack", "--have", "d", "a", "b") }
        #expect(throws: UsageError.self) { try self.options("--unpack", "--follow", "a", "b") }
    }

    @Test func librariesComeWithAnExecutable() throws {
        let options = try #require(
            try options("--with-libs", "--lib", "l.so", "--lib", "m.so", "x", "to"))
        #expect(options.withLibs && options.libs == ["l.so", "m.so"])
        #expect(options.skippedFolders == ["/lib", "/usr/lib", "/lib64", "/usr/lib64"])
        for words in [
            ["--lib", "l.so"], ["--with-libs", "--unpack"], ["--with-libs", "--have", "d"],
            ["--with-libs", "--follow"], ["--with-libs", "--delete"],
            ["--with-libs", "--files-from", "f"],
        ] {
            #expect(throws: UsageError.self) {
                try program.outcome(of: ["stage"] + words + ["x", "to"])
            }
        }
    }

    @Test(arguments: [
        ("{rnak}", "{rank}"), ("/x/{Rank}/y", "{rank}"), ("a{rank}/{hots}", "{host}"),
        ("{hostname}", "{host}"), ("{ranks}", "{rank}"), ("{ rank}", "{rank}"),
    ])
    func aMistypedWordInBracesIsRefused(path: String, nearest: String) throws {
        do throws(UsageError) {
            _ = try program.outcome(of: ["stage", "a", path])
            Issue.record("\(path) is taken")
        } catch { #expect(error.line.hasSuffix("; the nearest is '\(nearest)'\n")) }
    }

    @Test func aLogAndQuietGoTogether() throws {
        let options = try #require(try options("a", "b", "--log", "jobs.log", "-q"))
        #expect(options.log == "jobs.log" && options.quiet)
        #expect(try self.options("a", "b")?.log == nil)
    }

    @Test func patternsKeepTheirOrder() throws {
        let options = try #require(
            try options("--include", "a", "x", "--exclude=b/", "y", "--include", "*"))
        let rules = options.filters.map { rule in
            (rule.excludes ? "-" : "+") + String(decoding: rule.pattern.bytes, as: UTF8.self)
        }
        #expect(rules == ["+a", "-b/", "+*"])
    }

    @Test(arguments: [
        (["--exclude", "", "a", "b"], "option '--exclude' needs a value, a pattern"),
        (["--include", "[a", "a", "b"], "'[a' is not a value for --include"),
        (["--files-from", "f", "a", "b", "c"], "--files-from cannot be combined with several"),
        (["--then-timeout", "3s", "a", "b"], "--then-timeout means nothing without --then"),
        (["--have", "d", "--exclude", "x", "a", "b"], "--exclude cannot be combined with --have"),
        (["--have", "d", "--files-from", "x", "a", "b"], "--files-from cannot be combined with"),
        (
            ["--piece-size", "0", "a", "b"],
            "'0' is not a value for --piece-size, which takes a size from 1K to 64M"
        ),
        (["--piece-size=1023", "a", "b"], "'1023' is not a value for --piece-size"),
        (["--piece-size", "67108865", "a", "b"], "'67108865' is not a value for --piece-size"),
        (
            ["--super-peer", "0,x", "a", "b"],
            "'0,x' is not a value for --super-peer, which takes the rank of each peer's tracker"
        ),
    ])
    func optionsThatMeanNothingAreRefused(words: [String], line: String) throws {
        do throws(UsageError) {
            _ = try program.outcome(of: ["stage"] + words)
            Issue.record("\(words) is taken")
        } catch {
            #expect(error.line.hasPrefix("mpiswarm: stage: " + line))
        }
    }

    @Test(arguments: ["{rank}", "{host}/{rank}", "{}", "{a,b}", "{rank", "rank}", "{tank-12}"])
    func otherBracesAreTaken(path: String) throws {
        #expect(try options("a", path)?.destination == path)
    }

    @Test(arguments: [("1K", 1024), ("5000", 5000), ("64M", 64 << 20)])
    func pieceSizesWithinTheLimitsAreTaken(size: String, bytes: Int) throws {
        #expect(try options("--piece-size", size, "a", "b")?.pieceSize?.bytes == bytes)
    }

    @Test func theHelpSpellsThemOnce() throws {
        guard case .answer(let text) = try program.outcome(of: ["help", "stage"]) else { return }
        #expect(text.contains("[OPTION...] SOURCE... DEST\n"))
    }

    @Test(arguments: [("0", [0...0]), ("2-5", [2...5]), ("0,4,8-11", [0...0, 4...4, 8...11])])
    func ranksAreListed(text: String, ranges: [ClosedRange<Int>]) {
        #expect(RankList(text: text)?.ranges == ranges)
        #expect(RankList(text: text)?.description == text)
    }

    @Test(arguments: ["", ",", "1,", "-1", "3-1", "1-", "a", "1 2", "99999999999", "1--2"])
    func otherTextsAreNoRanks(text: String) {
        #expect(RankList(text: text) == nil)
    }

    /// A check writes nothing, so that there is nothing to add to it.
    @Test(arguments: [["--dry-run"], ["--delete"], ["--then", "x"], ["--have", "d"]])
    func aCheckStandsAlone(words: [String]) throws {
        do throws(UsageError) {
            _ = try program.outcome(of: ["stage", "--check"] + words + ["a", "b"])
            Issue.record("\(words) is taken")
        } catch {
            #expect(
                error.line == "mpiswarm: stage: --check cannot be combined with \(words[0])\n")
        }
        #expect(try options("--check", "--force", "a", "b")?.check == true)
    }

    /// What is needed could lie in the copy, where it would be removed.
    @Test(arguments: [["--have", "d"], ["--follow"], ["--unpack"]])
    func deletingWithoutASourceOfItsOwnIsRefused(words: [String]) throws {
        do throws(UsageError) {
            _ = try program.outcome(of: ["stage", "--delete"] + words + ["a", "b"])
            Issue.record("\(words) is taken")
        } catch {
            #expect(
                error.line == "mpiswarm: stage: --delete cannot be combined with \(words[0])\n")
        }
    }
}
