import Testing

@testable import CommandLine

struct SpellingTests {
    @Test(arguments: [
        ("", "", 0), ("run", "run", 0), ("rnu", "run", 1), ("ru", "run", 1), ("runn", "run", 1),
        ("rin", "run", 1), ("", "run", 3), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func distancesCountTypingMistakes(a: String, b: String, distance: Int) {
        #expect(editDistance(Array(a.utf8), Array(b.utf8)) == distance)
        #expect(editDistance(Array(b.utf8), Array(a.utf8)) == distance)
    }

    @Test(arguments: [
        ("--outptu", "--output"), ("--out", "--output"), ("--stat", "--stats"),
        ("--tracedir", "--trace-dir"), ("--verbos", "--verbose"), ("-help", "--help"),
        ("--no-verbose", nil), ("-x", nil), ("-t", nil), ("--re", "--report"),
    ])
    func anUnknownOptionNamesTheNearest(word: String, nearest: String?) {
        #expect(throws: UsageError.unknownOption(word, command: "run", nearest: nearest)) {
            try program.outcome(of: ["run", word, "d"])
        }
    }

    @Test(arguments: [("rnu", "run"), ("comp", "completion"), ("hepl", "help"), ("Run", "run")])
    func anUnknownCommandNamesTheNearest(word: String, nearest: String) {
        let error = UsageError.unknownCommand(word, nearest: nearest)
        #expect(throws: error) { try program.outcome(of: [word]) }
        #expect(throws: error) { try program.outcome(of: ["help", word]) }
    }

    @Test func theEarlierOfTwoEquallyNearNamesWins() {
        #expect(nearest(to: "bar", among: ["baz", "bat"]) == "baz")
        #expect(nearest(to: "bar", among: []) == nil)
    }

    @Test func anAbbreviationOfTwoNamesIsNearNeither() {
        #expect(nearest(to: "--s", among: ["--sources", "--shared"]) == nil)
        #expect(nearest(to: "--so", among: ["--sources", "--shared"]) == "--sources")
    }

    @Test func anOppositeIsNotNear() {
        #expect(nearest(to: "--no-verify", among: ["--verify", "-v"]) == nil)
        #expect(
            nearest(to: "--no-progres", among: ["--progress", "--no-progress"]) == "--no-progress")
    }

    @Test func anEndlessWordIsNearNothing() {
        let word = String(repeating: "x", count: 1 << 20)
        #expect(nearest(to: word, among: ["run", "help"]) == nil)
    }

    @Test(arguments: [
        ("frobnicate", ["run", "stage", "serve"]), ("xyz", ["run", "help", "jobs"]),
        ("copy", ["run", "jobs", "help"]), ("--bandwidth", ["--stats", "--help", "--output"]),
        ("-z", ["--stats", "--help"]), ("-", ["--stats"]), ("--", ["--stats"]), ("", ["run"]),
        ("sync", ["show", "stage"]), ("ls", ["run", "jobs"]),
    ])
    func aDistantNameIsNotSuggested(word: String, names: [String]) {
        #expect(nearest(to: word, among: names) == nil)
    }

    @Test(arguments: [
        ("rum", "run"), ("stagee", "stage"), ("verfy", "verify"), ("simulat", "simulate"),
        ("checklogs", "check-logs"), ("--limitrate", "--limit-rate"), ("--JSON", "--json"),
        ("-j", "--json"), ("json", "--json"),
    ])
    func aNearNameIsSuggested(word: String, name: String) {
        let names = [
            "run", "stage", "verify", "simulate", "check-logs", "--limit-rate", "--json",
        ]
        #expect(nearest(to: word, among: names) == name)
    }

    @Test func anOptionBeforeItsCommandIsSentThere() {
        #expect(throws: UsageError.optionBeforeCommand("--stats", command: "run")) {
            try program.outcome(of: ["--stats", "run", "d"])
        }
        let error = UsageError.unknownOption("--verison", command: nil, nearest: "--version")
        #expect(throws: error) { try program.outcome(of: ["--verison"]) }
    }
}
