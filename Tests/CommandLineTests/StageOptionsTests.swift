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
}
