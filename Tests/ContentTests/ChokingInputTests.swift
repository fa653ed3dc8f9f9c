import Testing
import Vocabulary

@testable import Content

/// `Common.cfg` and `PeerInfo.cfg`.
@Suite struct ChokingInputTests {
    private static let common = """
        NumberOfPreferredNeighbors 2
        UnchokingInterval 5
        OptimisticUnchokingInterval 15
        FileName TheFile.dat
        FileSize 10000232
        PieceSize 32768
        """
    private static let roster = """
        1001 lin114-00.cise.ufl.edu 6008 1
        1002 lin114-01.cise.ufl.edu 6008 0
        """

    private func terms(_ text: String) throws(ChokingInputError) -> ChokingTerms {
        try ChokingTerms(parsing: Array(text.utf8))
    }

    private func roster(_ text: String) throws(ChokingInputError) -> ChokingRoster {
        try ChokingRoster(parsing: Array(text.utf8))
    }

    @Test func aUsualPairIsRead() throws {
        let terms = try terms(Self.common)
        #expect(terms.preferredMax == 2)
        #expect(terms.unchokingInterval == .seconds(5))
        #expect(terms.optimisticUnchokingInterval == .seconds(15))
        #expect(terms.fileName.description == "TheFile.dat")
        #expect(terms.geometry.total == ByteCount(10_000_232))
        #expect(terms.geometry.pieceCount == 306)
        let roster = try roster(Self.roster)
        #expect(roster.peers.map(\.id.raw) == [1001, 1002])
        #expect(roster.peers.map(\.hasFile) == [true, false])
        #expect(roster.peers[0].host == "lin114-00.cise.ufl.edu")
        #expect(roster.peers[0].port == 6008)
    }

    @Test func blanksAndLineEndsDoNotMatter() throws {
        for (from, to) in [("\n", "\r\n"), ("\n", "\n\n \n"), ("\n", " \t\n"), (" ", "\t  ")] {
            #expect(try terms(Self.replaced(Self.common, from, to)) == terms(Self.common))
            #expect(try roster(Self.replaced(Self.roster, from, to)) == roster(Self.roster))
        }
        #expect(try terms(Self.common + "\n") == terms(Self.common))
        let backwards = Self.common.split(separator: "\n").reversed().joined(separator: "\n")
        #expect(try terms(backwards) == terms(Self.common))
    }

    private static func replaced(_ text: String, _ from: Character, _ to: String) -> String {
        text.map { $0 == from ? to : String($0) }.joined()
    }

    private static func replaced(_ text: String, _ from: String, _ to: String) -> String {
        replaced(text, Character(from), to)
    }

    @Test(arguments: [
        ("0.5", Duration.milliseconds(500)), ("0.000000001", .nanoseconds(1)), ("007", .seconds(7)),
        ("1.250", .milliseconds(1250)), ("1000000", .seconds(1_000_000)),
    ])
    func fractionsOfSecondsAreAllowed(text: String, interval: Duration) throws {
        let changed = Self.line(2, "UnchokingInterval \(text)")
        #expect(try terms(changed).unchokingInterval == interval)
    }

    @Test func theEdgesAreFine() throws {
        #expect(try terms(Self.line(1, "NumberOfPreferredNeighbors 0")).preferredMax == 0)
        #expect(try terms(Self.line(6, "PieceSize 1")).geometry.pieceCount == 10_000_232)
        #expect(try terms(Self.line(5, "FileSize 0")).geometry.pieceCount == 0)
        #expect(try terms(Self.line(4, "FileName a b c")).fileName.description == "a b c")
        #expect(try roster("0 h 0 1").peers[0].id == PeerID(0))
    }

    /// The text with another line in the place of one.
    private static func line(_ number: Int, _ text: String) -> String {
        var lines = common.split(separator: "\n").map(String.init)
        lines[number - 1] = text
        return lines.joined(separator: "\n")
    }

    @Test(arguments: [
        (
            1, "NumberOfPreferredNeighbors",
            ChokingInputFlaw.notANumber(.preferredNeighbors, token: [])
        ),
        (
            1, "NumberOfPreferredNeighbors -1",
            .notANumber(.preferredNeighbors, token: Array("-1".utf8))
        ),
        (2, "UnchokingInterval 0", .notSeconds(.unchokingInterval, token: Array("0".utf8))),
        (2, "UnchokingInterval 1.", .notSeconds(.unchokingInterval, token: Array("1.".utf8))),
        (2, "UnchokingInterval .5", .notSeconds(.unchokingInterval, token: Array(".5".utf8))),
        (2, "UnchokingInterval 1e3", .notSeconds(.unchokingInterval, token: Array("1e3".utf8))),
        (3, "UnchokingInterval 5", .saidTwice(.unchokingInterval)),
        (4, "FileName a/b", .nameOfSeveralComponents(token: Array("a/b".utf8))),
        (4, "FileName ..", .badName(.climbs, token: Array("..".utf8))),
        (4, "FileName", .badName(.empty, token: [])),
        (5, "FileSize 1 2", .notANumber(.fileSize, token: Array("1 2".utf8))),
        (
            5, "FileSize 99999999999999999999",
            .notANumber(.fileSize, token: Array("99999999999999999999".utf8))
        ),
        (6, "PieceSize 0", .notANumber(.pieceSize, token: Array("0".utf8))),
        (6, "piecesize 5", .unknownKey(token: Array("piecesize".utf8))),
    ])
    func aFlawIsReportedWithItsLine(line: Int, text: String, flaw: ChokingInputFlaw) {
        #expect(throws: ChokingInputError(line: line, flaw: flaw)) {
            try terms(Self.line(line, text))
        }
    }

    @Test func missingAndSuperfluousKeysAreReported() {
        for key in ChokingTerms.Key.allCases {
            let lines = Self.common.split(separator: "\n").filter { !$0.hasPrefix(key.rawValue) }
            #expect(throws: ChokingInputError(line: nil, flaw: .missing(key))) {
                try terms(lines.joined(separator: "\n"))
            }
        }
        #expect(throws: ChokingInputError(line: 6, flaw: .tooManyPieces)) {
            try terms(
                "FileSize 9999999999\nFileName f\nNumberOfPreferredNeighbors 1\n"
                    + "UnchokingInterval 1\nOptimisticUnchokingInterval 1\nPieceSize 1")
        }
    }

    @Test(arguments: [
        ("1 h 1", 1, ChokingInputFlaw.notFourWords(count: 3)),
        ("1 h 1 1\n\n2 h 1 1 x", 3, .notFourWords(count: 5)),
        ("x h 1 1", 1, .notAnID(token: [120])),
        ("01 h 1 1", 1, .notAnID(token: [48, 49])),
        ("1 h 65536 1", 1, .notAPort(token: Array("65536".utf8))),
        ("1 h 1 2", 1, .notAFlag(token: [50])),
        ("1 h 1 01", 1, .notAFlag(token: [48, 49])),
        ("1 h 1 1\n1 h 1 0", 2, .listedTwice(PeerID(1))),
        ("", 0, .noPeerListed),
        ("1 h 1 0\n2 h 2 0", 0, .noPeerHasTheFile),
    ])
    func aFlawOfTheListIsReportedWithItsLine(text: String, line: Int, flaw: ChokingInputFlaw) {
        #expect(throws: ChokingInputError(line: line == 0 ? nil : line, flaw: flaw)) {
            try roster(text)
        }
    }

    /// Bytes that were changed at random are read or refused, and nothing traps.
    @Test(arguments: UInt64(1)...4)
    func noiseIsReadOrRefused(seed: UInt64) {
        var chance = Chance(seed: seed)
        var readCount = 0
        for _ in 0..<5000 {
            var bytes = Array((chance.below(2) == 0 ? Self.common : Self.roster).utf8)
            for _ in 0..<chance.below(4) {
                bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
            }
            bytes = Array(bytes.prefix(chance.below(8) == 0 ? chance.below(bytes.count) : .max))
            do throws(ChokingInputError) {
                _ = try ChokingTerms(parsing: bytes)
                readCount += 1
            } catch { #expect(error.line ?? 1 >= 1) }
            do throws(ChokingInputError) {
                _ = try ChokingRoster(parsing: bytes)
                readCount += 1
            } catch { #expect(error.line ?? 1 >= 1) }
        }
        #expect(readCount > 500)
    }
}
