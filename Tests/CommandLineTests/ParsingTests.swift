import Testing

@testable import CommandLine

struct ParsingTests {
    @Test func aFewOptionsHaveALetter() throws {
        #expect(try probe("-l", "x", "t", "f")?.log == "x")
        #expect(try probe("t", "-l=x", "f")?.log == "x")
        #expect(throws: UsageError.self) { try probe("t", "f", "-x") }
    }

    @Test func switchesShareAHyphen() throws {
        let options = try probe("-dq", "t", "f")
        #expect(options?.loud == true)
        #expect(options?.quick == true)
        #expect(try probe("-dh", "t", "f") == nil)
        // A letter that takes a value, or that no option has, stands alone.
        for word in ["-dl", "-dx", "-ld", "-dd=x"] {
            #expect(throws: UsageError.self) { try probe(word, "t", "f") }
        }
    }

    @Test func aSwitchThatIsOnIsTurnedOffByNo() throws {
        #expect(try probe("t", "f")?.polite == true)
        #expect(try probe("t", "f", "--no-polite")?.polite == false)
        #expect(try probe("t", "f", "--no-polite", "--polite")?.polite == true)
        #expect(try probe("t", "f", "--mode=full", "--no-mode")?.mode == .ring)
        #expect(throws: UsageError.self) { try probe("t", "f", "--no-loud") }
        #expect(throws: UsageError.unexpectedValue("x", of: "--no-mode", command: "probe")) {
            try probe("t", "f", "--no-mode=x")
        }
    }

    @Test func bothFormsMeanTheSame() throws {
        let apart = try probe("--size", "1M", "t", "--mode", "full", "f", "--loud")
        let joined = try probe("t", "f", "--loud", "--mode=full", "--size=1M")
        #expect(apart == joined)
        #expect(apart?.size == Size(bytes: 1 << 20))
        #expect(apart?.mode == .full)
        #expect(apart?.loud == true)
        #expect(apart?.target == "t")
        #expect(apart?.files == ["f"])
    }

    @Test func absentOptionsKeepTheirDefaults() throws {
        var expected = ProbeOptions()
        expected.target = "t"
        expected.files = ["a", "b", "c"]
        #expect(try probe("t", "a", "b", "c") == expected)
    }

    @Test func theLastOfRepeatedOptionsCounts() throws {
        #expect(try probe("t", "f", "--count", "1", "--count=2", "--loud", "--loud")?.count == 2)
    }

    @Test func aFewOptionsTakeAllThatTheyAreGiven() throws {
        #expect(try probe("t", "f")?.tiers == [])
        let options = try probe("--tier", "a,b", "t", "f", "--tier=c")
        #expect(options?.tiers == [["a", "b"], ["c"]])
        for word in ["", ",", "a,", ",a", "a,,b"] {
            #expect(throws: UsageError.self) { try probe("t", "f", "--tier", word) }
        }
    }

    @Test func twoHyphensEndTheOptions() throws {
        let options = try probe("--count", "7", "--", "--size", "--", "--help")
        #expect(options?.target == "--size")
        #expect(options?.files == ["--", "--help"])
        #expect(options?.count == 7)
    }

    @Test func oneHyphenAloneIsAnOperand() throws {
        #expect(try probe("-", "f")?.target == "-")
    }

    @Test func aValueKeepsItsLaterEqualsSigns() throws {
        #expect(try probe("t", "f", "--log=a=b=")?.log == "a=b=")
    }

    @Test func aCombiningAccentDoesNotHideTheEqualsSign() throws {
        #expect(try probe("t", "f", "--log=\u{301}x")?.log == "\u{301}x")
    }

    @Test func aSeparateValueMayBeNegative() throws {
        #expect(try probe("t", "f", "--count", "-3")?.count == -3)
        #expect(try probe("t", "f", "--count=-3")?.count == -3)
    }

    @Test(arguments: [
        ["--log", "--loud"], ["--log", "--"], ["--log"], ["--log="], ["--log", ""],
    ])
    func aForgottenValueIsNamed(words: [String]) throws {
        let option = try #require(ProbeOptions.table.description.options.first { $0.name == "log" })
        #expect(throws: UsageError.missingValue(option: option, command: "probe")) {
            try ProbeOptions.table.parse(["t", "f"] + words)
        }
    }

    @Test func aValueThatLooksLikeAnOptionCanBeJoined() throws {
        #expect(try probe("t", "f", "--log=--loud")?.log == "--loud")
    }

    @Test(arguments: [
        "--size=1Q", "--size=-1", "--wait=5", "--count=101", "--count=x", "--mode=star",
    ])
    func aValueOfTheWrongKindIsRefused(word: String) throws {
        let written = try #require(WrittenOption(word))
        let option = ProbeOptions.table.description.options.first {
            $0.spelling == written.spelling
        }
        let kind = try #require(option?.value?.kind)
        let error = UsageError.invalidValue(
            written.value ?? "", of: written.spelling, expected: kind, command: "probe")
        #expect(throws: error) { try probe("t", "f", word) }
    }

    @Test func aFlagTakesNoValue() {
        #expect(throws: UsageError.unexpectedValue("yes", of: "--loud", command: "probe")) {
            try probe("t", "f", "--loud=yes")
        }
        #expect(throws: UsageError.unexpectedValue("", of: "--help", command: "probe")) {
            try probe("--help=")
        }
    }

    @Test func operandsAreCounted() {
        let operands = ProbeOptions.table.description.operands
        #expect(throws: UsageError.missingOperand(operands[0], command: "probe")) { try probe() }
        #expect(throws: UsageError.missingOperand(operands[1], command: "probe")) {
            try probe("t")
        }
        #expect(throws: UsageError.unexpectedOperand("b", command: "run")) {
            try program.outcome(of: ["run", "a", "b"])
        }
    }

    @Test func anEmptyPathIsRefused() {
        let error = UsageError.invalidValue("", of: "DIR", expected: .folder, command: "run")
        #expect(throws: error) { try program.outcome(of: ["run", ""]) }
    }

    @Test func helpAnswersBeforeWhatFollowsAndAfterWhatPrecedes() throws {
        #expect(try probe("--help", "--nonsense") == nil)
        #expect(throws: UsageError.self) { try probe("--nonsense", "--help") }
    }
}
