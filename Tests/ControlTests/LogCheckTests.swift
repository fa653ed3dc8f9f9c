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

    private static let terms = LogTerms(
        preferredMax: 2, pieceCount: 3,
        peers: [(PeerID(1), false), (PeerID(2), true), (PeerID(3), false)])

    private func check(
        _ logs: [String], _ terms: LogTerms, isStrict: Bool = false
    ) -> [LogBreach] {
        var check = LogCheck(terms, isStrict: isStrict)
        for (index, log) in logs.enumerated() {
            check.begin(logOf: PeerID(index + 1))
            check.feed(Array(log.utf8).span)
            check.end()
        }
        return check.breaches()
    }

    @Test(arguments: [false, true])
    func aGoodJobIsGood(isStrict: Bool) {
        #expect(check(Self.good, Self.terms, isStrict: isStrict) == [])
        #expect(check(Self.good, LogTerms(), isStrict: isStrict) == [])
        #expect(check(Self.good.map { $0 + "\n" }, LogTerms(), isStrict: isStrict) == [])
    }

    /// As others write it: brackets around ids, other times, no full stops, other quotes, CRLF.
    @Test func otherNotationsAreRead() {
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
        #expect(check(foreign, Self.terms, isStrict: true) == [])
        #expect(check(foreign, LogTerms(), isStrict: true) == [])
        #expect(check(foreign, LogTerms()) == [])
    }

    @Test(arguments: [
        (1, 3, "[t]: Peer 2 is unchoked by 1.", LogRule.ofAnotherPeer(PeerID(2))),
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
    func aBrokenRuleIsNamedWithItsLine(peer: Int, line: Int, text: String, rule: LogRule) {
        let logs = Self.changed(peer, line, to: text)
        let flaw = LogFlaw(peer: PeerID(peer), line: line, rule: rule)
        #expect(check(logs, Self.terms).contains { $0.first == flaw })
        #expect(check(logs, Self.terms, isStrict: true).first?.first == flaw)
    }

    private static func changed(_ peer: Int, _ line: Int, to text: String) -> [String] {
        var logs = good
        var lines = logs[peer - 1].split(separator: "\n").map(String.init)
        lines[line - 1] = text
        logs[peer - 1] = lines.joined(separator: "\n")
        return logs
    }

    /// Sentences in other words, and none at all: only the strict check refuses them.
    @Test(arguments: ["[t]: Peer 1 is unchocked by 2.", "[t]: Peer 1 unchoked by 2", "what?"])
    func onlyTheStrictCheckWantsTheExactWords(text: String) {
        let logs = Self.changed(1, 6, to: text)
        let flaw = LogFlaw(peer: PeerID(1), line: 6, rule: .unreadable)
        #expect(check(logs, Self.terms, isStrict: true).map(\.first) == [flaw])
        #expect(check(logs, Self.terms) == [])
    }

    @Test func everyBrokenRuleIsCounted() {
        var logs = Self.good
        let again = "[t]: Peer 1 is connected from Peer 2."
        logs[0] += "\n" + again + "\n" + again
        logs[2] += "\n[t]: Peer 3 makes a connection to Peer 1.\n[t]: Peer 3 is choked by 9."
        let breaches = check(logs, Self.terms)
        #expect(
            breaches.map(\.first.rule) == [.connectedTwice(PeerID(2)), .unknownPeer(PeerID(9))])
        #expect(breaches.map(\.first.line) == [13, 10])
        #expect(breaches.map(\.count) == [3, 1])
        #expect(breaches.map(\.logCount) == [2, 1])
    }

    /// Programs with a connection in each direction: the pair is named once, and not for its
    /// direction.
    @Test func bothDirectionsAreASecondConnection() {
        var logs = Self.good
        logs[0] += "\n[t]: Peer 1 makes a connection to Peer 2."
        logs[1] += "\n[t]: Peer 2 is connected from Peer 1."
        let breaches = check(logs, Self.terms)
        #expect(breaches.map(\.first.rule) == [.connectedTwice(PeerID(2))])
        #expect(breaches.map(\.count) == [2])
    }

    /// A wrong number is one breach, and not one in every line after it.
    @Test func aCountGoesOnFromWhatTheLogSays() {
        var logs = Self.good
        logs[0] = logs[0].replacing("pieces it has is 1.", with: "pieces it has is 2.")
            .replacing("has is 3.", with: "has is 4.").replacing(
                "has is 2.\n[t]: Peer 1 is un", with: "has is 3.\n[t]: Peer 1 is un")
        let breaches = check(logs, LogTerms())
        #expect(breaches.map(\.first.rule).first == .wrongCount(2, expected: 1))
        #expect(breaches.map(\.count).first == 1)
    }

    @Test func onlyOnePieceComesAfterAChoke() {
        var logs = Self.good
        logs[0] = logs[0].split(separator: "\n").filter { !$0.contains("unchoked by 3") }
            .map {
                $0.contains("from 3. Now") ? String($0.map { $0 == "3" ? "2" : $0 }) : String($0)
            }
            .joined(separator: "\n")
        let flaw = check(logs, Self.terms).first { $0.first.rule.kind == .whileChoked }?.first
        #expect(flaw?.line == 9)
        #expect(flaw?.rule == .whileChoked(by: PeerID(2)))
    }

    @Test(arguments: [false, true])
    func everyPeerHasToBeComplete(isListed: Bool) {
        var logs = Self.good
        logs[2] = logs[2].split(separator: "\n").dropLast().joined(separator: "\n")
        let breaches = check(logs, isListed ? Self.terms : LogTerms())
        #expect(breaches.map(\.first) == [LogFlaw(peer: PeerID(3), line: 7, rule: .incomplete)])
    }

    @Test func withoutAListAllHaveAsManyPieces() {
        var logs = Self.good
        logs[2] = logs[2].split(separator: "\n").filter { !$0.contains("piece 1 from") }
            .joined(separator: "\n")
        let flaw = LogFlaw(peer: PeerID(3), line: 7, rule: .completeTooEarly(2, of: 3))
        #expect(check(logs, LogTerms()).map(\.first) == [flaw])
    }

    @Test func theOtherSideHasToKnowOfAConnection() {
        var logs = Self.good
        logs[1] = logs[1].split(separator: "\n").filter { !$0.contains("from Peer 3") }
            .joined(separator: "\n")
        #expect(
            check(logs, Self.terms).map(\.first.rule)
                == [.unconnected(PeerID(3)), .unanswered(PeerID(2))])
        logs[0] = logs[0].split(separator: "\n").filter { !$0.contains("from Peer 3") }
            .joined(separator: "\n")
        let first = LogFlaw(peer: PeerID(1), line: 11, rule: .unconnected(PeerID(3)))
        #expect(check(logs, LogTerms(), isStrict: true).first?.first == first)
    }

    /// What is missing may be what is not understood.
    @Test func aRuleAboutSentencesOfWhichNoneIsUnderstoodIsNotChecked() {
        let own = Self.good.map {
            $0.replacing("is connected from", with: "accepts")
                .replacing("has downloaded the complete file", with: "is through")
        }
        var check = LogCheck(LogTerms())
        for (index, log) in own.enumerated() {
            check.begin(logOf: PeerID(index + 1))
            check.feed(Array(log.utf8).span)
            check.end()
        }
        #expect(check.breaches() == [])
        #expect(check.unreadCount == 5)
        #expect(check.unread.map(\.line) == [1, 2, 11, 2, 8])
        #expect(check.unchecked.count == 2)
    }

    @Test func piecesOfAnEarlierRunCount() {
        var logs = Self.good
        var lines = logs[2].split(separator: "\n").map(String.init)
        lines.remove(at: 4)
        lines.insert("[t]: Peer 3 continues with 1 pieces of an earlier run.", at: 0)
        logs[2] = lines.joined(separator: "\n")
        #expect(check(logs, Self.terms) == [])
    }

    @Test func aMissingLogIsMissed() {
        let breaches = check(Array(Self.good.prefix(2)), LogTerms())
        #expect(breaches.map(\.first.rule) == [.noLog(PeerID(3))])
    }
}
