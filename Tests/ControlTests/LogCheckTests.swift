import Content
import Testing
import Vocabulary

@testable import Control

/// The rules that logs of a choking swarm keep, each with a log that breaks it.
@Suite struct LogCheckTests {
    /// Three peers; the second one has the file of three pieces.
    private static let good = [
        """
        [t]: Peer 1 is connected from Peer 2.
        [t]: Peer 1 is connected from Peer 3.
        [t]: Peer 1 is unchoked by 2.
        [t]: Peer 1 has downloaded the piece 1 from 2. Now the number of pieces it has is 1.
        [t]: Peer 1 received the 'interested' message from 3.
        [t]: Peer 1 has the preferred neighbors 3.
        [t]: Peer 1 is choked by 2.
        [t]: Peer 1 has downloaded the piece 0 from 2. Now the number of pieces it has is 2.
        [t]: Peer 1 is unchoked by 3.
        [t]: Peer 1 has downloaded the piece 2 from 3. Now the number of pieces it has is 3.
        [t]: Peer 1 has downloaded the complete file.
        [t]: Peer 1 received the 'not interested' message from 3.
        """,
        """
        [t]: Peer 2 makes a connection to Peer 1.
        [t]: Peer 2 is connected from Peer 3.
        [t]: Peer 2 received the 'interested' message from 1.
        [t]: Peer 2 has the optimistically unchoked neighbor 1.
        [t]: Peer 2 has the preferred neighbors 1,3.
        """,
        """
        [t]: Peer 3 makes a connection to Peer 1.
        [t]: Peer 3 makes a connection to Peer 2.
        [t]: Peer 3 is unchoked by 2.
        [t]: Peer 3 received the 'have' message from 1 for the piece 1.
        [t]: Peer 3 has downloaded the piece 2 from 2. Now the number of pieces it has is 1.
        [t]: Peer 3 has downloaded the piece 0 from 2. Now the number of pieces it has is 2.
        [t]: Peer 3 has downloaded the piece 1 from 2. Now the number of pieces it has is 3.
        [t]: Peer 3 has downloaded the complete file.
        """,
    ]

    private static func terms() throws -> LogTerms {
        var terms = LogTerms()
        terms.preferredMax = 2
        terms.pieceCount = 3
        terms.roster = try ChokingRoster(parsing: Array("1 h 1 0\n2 h 1 1\n3 h 1 0".utf8))
        return terms
    }

    private func check(_ logs: [String], _ terms: LogTerms) -> LogFlaw? {
        var check = LogCheck(terms)
        for (index, log) in logs.enumerated() {
            check.add(log: Array(log.utf8), of: PeerID(index + 1))
        }
        return check.firstFlaw()
    }

    @Test func aGoodJobIsGood() throws {
        #expect(check(Self.good, try Self.terms()) == nil)
        #expect(check(Self.good, LogTerms()) == nil)
        #expect(check(Self.good.map { $0 + "\n" }, LogTerms()) == nil)
    }

    /// As others write it: brackets around ids, other times, no full stops, other quotes, CRLF.
    @Test func otherNotationsAreRead() throws {
        let foreign = Self.good.map { log in
            log.split(separator: "\n").map { line in
                var text = "[Mon Nov 21 14:00:01 EST 2016] "
                for word in line.dropFirst(5).split(separator: " ") {
                    let bare = word.last == "." ? word.dropLast() : word
                    let isNumber = bare.allSatisfy { $0.isNumber || $0 == "," }
                    text += isNumber ? "[\(bare)] " : "\(bare) "
                }
                return text.map { $0 == "'" ? "’" : String($0) }.joined() + "\r\n"
            }.joined()
        }
        #expect(check(foreign, try Self.terms()) == nil)
        #expect(check(foreign, LogTerms()) == nil)
    }

    @Test(arguments: [
        (1, 3, "[t]: Peer 1 is unchocked by 2.", LogRule.unreadable),
        (1, 3, "what?", .unreadable),
        (1, 3, "[t]: Peer 2 is unchoked by 1.", .ofAnotherPeer(PeerID(2))),
        (1, 3, "[t]: Peer 1 is unchoked by 1.", .aboutItself),
        (1, 3, "[t]: Peer 1 is unchoked by 9.", .unknownPeer(PeerID(9))),
        (1, 2, "[t]: Peer 1 is connected from Peer 2.", .connectedTwice(PeerID(2))),
        (1, 2, "[t]: Peer 1 makes a connection to Peer 3.", .connectedWrongWay(PeerID(3))),
        (2, 5, "[t]: Peer 2 has the preferred neighbors 1,3,1.", .tooManyPreferred(3, most: 2)),
        (2, 5, "[t]: Peer 2 has the preferred neighbors 1,1.", .preferredTwice(PeerID(1))),
        (
            1, 5, "[t]: Peer 1 received the 'have' message from 3 for the piece 3.",
            .noSuchPiece(3, count: 3)
        ),
        (
            1, 8,
            "[t]: Peer 1 has downloaded the piece 1 from 2. Now the number of pieces it has is 2.",
            .downloadedTwice(1)
        ),
        (
            1, 4,
            "[t]: Peer 1 has downloaded the piece 1 from 2. Now the number of pieces it has is 2.",
            .wrongCount(2, expected: 1)
        ),
        (
            1, 4,
            "[t]: Peer 1 has downloaded the piece 1 from 3. Now the number of pieces it has is 1.",
            .whileChoked(by: PeerID(3))
        ),
        (
            2, 5,
            "[t]: Peer 2 has downloaded the piece 1 from 1. Now the number of pieces it has is 1.",
            .bySeed
        ),
        (1, 10, "[t]: Peer 1 has downloaded the complete file.", .completeTooEarly(2, of: 3)),
        (1, 12, "[t]: Peer 1 has downloaded the complete file.", .completeTwice),
        (1, 8, "[t]: Peer 1 continues with 1 pieces of an earlier run.", .continuedLate),
    ])
    func aBrokenRuleIsToldWithItsLine(peer: Int, line: Int, text: String, rule: LogRule) throws {
        var logs = Self.good
        var lines = logs[peer - 1].split(separator: "\n").map(String.init)
        lines[line - 1] = text
        logs[peer - 1] = lines.joined(separator: "\n")
        let flaw = check(logs, try Self.terms())
        #expect(flaw == LogFlaw(peer: PeerID(peer), line: line, rule: rule))
    }

    @Test func onlyOnePieceComesAfterAChoke() throws {
        var logs = Self.good
        logs[0] = logs[0].split(separator: "\n").filter { !$0.contains("unchoked by 3") }
            .map {
                $0.contains("from 3. Now") ? String($0.map { $0 == "3" ? "2" : $0 }) : String($0)
            }
            .joined(separator: "\n")
        let flaw = check(logs, try Self.terms())
        #expect(flaw?.line == 9)
        #expect(flaw?.rule == .whileChoked(by: PeerID(2)))
    }

    @Test(arguments: [false, true])
    func everybodyHasToBeComplete(isListed: Bool) throws {
        var logs = Self.good
        logs[2] = logs[2].split(separator: "\n").dropLast().joined(separator: "\n")
        let flaw = check(logs, isListed ? try Self.terms() : LogTerms())
        #expect(flaw == LogFlaw(peer: PeerID(3), line: 7, rule: .incomplete))
    }

    @Test func withoutAListAllHaveAsManyPieces() {
        var logs = Self.good
        logs[2] = logs[2].split(separator: "\n").filter { !$0.contains("piece 1 from") }
            .joined(separator: "\n")
        let flaw = check(logs, LogTerms())
        #expect(flaw == LogFlaw(peer: PeerID(3), line: 7, rule: .completeTooEarly(2, of: 3)))
    }

    @Test func theOtherSideHasToKnowOfAConnection() throws {
        var logs = Self.good
        logs[1] = logs[1].split(separator: "\n").filter { !$0.contains("from Peer 3") }
            .joined(separator: "\n")
        #expect(check(logs, try Self.terms())?.rule == .unconnected(PeerID(3)))
        logs[0] = logs[0].split(separator: "\n").filter { !$0.contains("from Peer 3") }
            .joined(separator: "\n")
        #expect(
            check(logs, LogTerms())
                == LogFlaw(peer: PeerID(1), line: 11, rule: .unconnected(PeerID(3))))
    }

    @Test func whatAnEarlierRunLeftCounts() throws {
        var logs = Self.good
        var lines = logs[2].split(separator: "\n").map(String.init)
        lines.remove(at: 4)
        lines.insert("[t]: Peer 3 continues with 1 pieces of an earlier run.", at: 0)
        logs[2] = lines.joined(separator: "\n")
        #expect(check(logs, try Self.terms()) == nil)
    }

    @Test func aMissingLogIsMissed() throws {
        var check = LogCheck(LogTerms())
        check.add(log: Array(Self.good[0].utf8), of: PeerID(1))
        check.add(log: Array(Self.good[1].utf8), of: PeerID(2))
        #expect(check.missing == [PeerID(3)])
    }

    /// Every sentence is read as what it says.
    @Test func sentencesAreReadAsTheyAreWritten() {
        let other = PeerID(77)
        let events: [LogEvent] = [
            .connects(to: other), .isConnected(from: other), .prefers([other, PeerID(5)]),
            .prefers([]), .servesInTurn(other), .isUnchoked(by: other), .isChoked(by: other),
            .heard(of: 4, from: other), .interested(other), .uninterested(other),
            .downloaded(3, from: other, count: 9), .isComplete, .continues(with: 6),
        ]
        for event in events {
            let line = LogLine("[2026-11-21T14:00:00.000Z]: \(event.sentence(of: PeerID(1001)))")
            #expect(line?.event == event)
            #expect(line?.peer == PeerID(1001))
        }
    }

    @Test(arguments: UInt64(1)...3)
    func noiseIsReadOrRefused(seed: UInt64) {
        var chance = Chance(seed: seed)
        for _ in 0..<300 {
            var bytes = Array(Self.good[chance.below(3)].utf8)
            for _ in 0..<chance.below(5) {
                bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
            }
            var check = LogCheck(LogTerms())
            check.add(log: bytes, of: PeerID(1))
            #expect(check.firstFlaw()?.line ?? 1 >= 0)
        }
    }
}
