import Control
import Testing
import Vocabulary

@testable import Swarm

/// Lines of the control protocol: any bytes are a request or a flaw.
@Suite struct ControlRequestTests {
    private func parse(_ line: String) throws(ControlCommandError) -> ControlCommand {
        try ControlRequest(parsing: Array(line.utf8)).command
    }

    @Test(arguments: [
        ("list", ControlCommand.list), (" list ", .list), ("peers\r", .peers),
        ("list --digests", .listDigests), ("LIST --digests", .listDigests),
        ("status", .status), ("join", .join), ("leave", .leave), ("shutdown", .shutdown),
        ("help", .help), ("exit", .exit), ("wait", .wait(nil)), ("share /x", .share("/x")),
        ("share \"/a b\"", .share("/a b")),
        ("share \"/a\\\"b\\\\\"", .share("/a\"b\\")),
    ])
    func commandsAreRead(line: String, command: ControlCommand) throws {
        #expect(try parse(line) == command)
    }

    @Test(arguments: [
        ("LIST", ControlCommand.list), ("Peers", .peers), ("WAIT", .wait(nil)), ("eXiT", .exit),
        ("--JSON SHUTDOWN", .shutdown),
    ])
    func commandsAreReadInAnyCaseOfLetters(line: String, command: ControlCommand) throws {
        #expect(try parse(line) == command)
        let name = try RelativePath("Name")
        #expect(try parse("QUERY Name") == .query(name), "a name stays as it is")
        #expect(try parse("GET a FROM 3 TO /X LATER") == parse("get a from 3 to /X later"))
    }

    @Test func chunksAreOfANameOrAContentAndMaybeOfARank() throws {
        let name = GetOrder.Choice.name(try RelativePath("a"))
        #expect(try parse("chunks a") == .chunks(name, of: nil))
        #expect(try parse("CHUNKS a 3") == .chunks(name, of: Rank(3)))
        let content = GetOrder.Choice.content(ContentID(high: 7, low: 9))
        #expect(try parse("chunks 00000000000000070000000000000009") == .chunks(content, of: nil))
    }

    @Test func aGetSaysWhatFromWhomAndWhereTo() throws {
        guard case .get(let request) = try parse("get \"a b/c\" to /x/ from 3 later progress")
        else { throw ControlCommandError.nothing }
        #expect(request.target == .choice(.name(try RelativePath("a b/c"))))
        #expect(request.source == Rank(3))
        #expect(request.path == "/x/")
        #expect(request.isLater && request.tellsProgress)
    }

    @Test func thirtyTwoDigitsAreAContent() throws {
        guard case .get(let request) = try parse("get 00000000000000070000000000000009")
        else { throw ControlCommandError.nothing }
        #expect(request.target == .choice(.content(ContentID(high: 7, low: 9))))
    }

    @Test func aDescriptionNeedsAnAbsolutePath() throws {
        guard case .get(let request) = try parse("get /x/a.torrent from auto")
        else { throw ControlCommandError.nothing }
        #expect(request.target == .described(in: "/x/a.torrent"))
        #expect(request.source == nil)
        guard case .get(let named) = try parse("get a.torrent") else {
            throw ControlCommandError.nothing
        }
        #expect(named.target == .choice(.name(try RelativePath("a.torrent"))))
        let export = ControlCommand.export(try RelativePath("a"), to: "/x/a.seed")
        #expect(try parse("export a /x/a.seed") == export)
    }

    @Test(arguments: [
        ("", ControlCommandError.nothing), ("   ", .nothing), ("--json", .nothing),
        ("lisst", .unknown("lisst")),
        ("list x", .usage("list [--digests]")), ("query", .usage("query NAME")),
        ("query ../x", .badName("../x")),
        ("get /x", .badName("/x")), ("export a x.seed", .usage("export NAME FILE")),
        ("holders", .usage("holders NAME|ID")), ("share \"", .openQuote), ("a\u{1}b", .notText),
        ("get", .usage("get NAME|ID|FILE [from RANK] [to PATH] [later]")),
        ("get a from", .usage("get NAME|ID|FILE [from RANK] [to PATH] [later]")),
        ("get a from -1", .usage("get NAME|ID|FILE [from RANK] [to PATH] [later]")),
        ("get a of 3", .usage("get NAME|ID|FILE [from RANK] [to PATH] [later]")),
        ("LISST", .unknown("LISST")), ("ok", .unknown("ok")), ("QUERY", .usage("query NAME")),
        ("chunks", .usage("chunks NAME|ID [RANK]")),
        ("chunks a b", .usage("chunks NAME|ID [RANK]")),
    ])
    func aMalformedCommandIsRefusedWithAReason(line: String, flaw: ControlCommandError) {
        #expect(throws: flaw) { try parse(line) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: ControlCommandError.notText) { try ControlRequest(parsing: [0xFF, 0xFE]) }
        #expect(throws: ControlCommandError.notText) { try ControlRequest(parsing: [0]) }
        let long = [UInt8](repeating: 0x61, count: ControlCommand.lineByteCountMax + 1)
        #expect(throws: ControlCommandError.tooLong) { try ControlRequest(parsing: long) }
    }

    /// Bytes without sense, and lines that nearly have some.
    @Test func nothingTraps() {
        var chance = Chance(seed: 5)
        let words = ["get", "a", "\"", "\\", "from", "3", "to", "/x", "--json", "list", "\t", "é"]
        for _ in 0..<20_000 {
            var line: [UInt8] = []
            if chance.below(2) == 0 {
                line = (0..<chance.below(40)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            } else {
                for _ in 0..<chance.below(8) {
                    line += (words[chance.below(words.count)] + " ").utf8
                }
            }
            do throws(ControlCommandError) { _ = try ControlRequest(parsing: line) } catch {
                #expect(!error.words.contains("\n"))
            }
        }
    }

    @Test(arguments: ["a", "a b", "", "\"", "\\", "a\\\"b c", "\t"])
    func quotedWordsAreReadBack(word: String) {
        #expect(controlWords(controlLine([word, word])) == [word, word])
    }

    /// Of a name that has spaces the quotes are completed too.
    @Test(arguments: [
        ("my", "get ", ["\"my file\"", "my2"]), ("my f", "get \"", ["my file\""]),
        ("f", "get \"my ", ["file\""]), ("f", "get \"a\" ", []),
        ("a", "get ", ["\"a \\\"b\\\"\""]), ("x", "get ", []),
    ])
    func namesWithSpacesAreCompletedInQuotes(start: String, before: String, expected: [String]) {
        let names = ["my file", "my2", "a \"b\""]
        let found = completions(of: start, after: before, among: names)
        #expect(found == expected)
        for word in found where !before.contains("\"a\"") {
            let words = controlWords(before + word)
            #expect(words?.count == 2 && names.contains(words?.last ?? ""), "\(before + word)")
        }
    }
}
