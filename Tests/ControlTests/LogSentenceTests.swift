import Content
import Testing
import Vocabulary

@testable import Control

/// What programs that were written for one and the same assignment log, and how it is read.
@Suite struct LogSentenceTests {
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
            let text = "[2026-11-21T14:00:00.000Z]: \(event.sentence(of: PeerID(1001)))"
            let line = LogLine(text)
            #expect(line?.event == event)
            #expect(line?.peer == PeerID(1001))
            #expect(line?.isWritten(as: text) == true)
        }
    }

    private static let other = PeerID(1002)

    /// The forms that some thirty programs were seen to write, with our own times and numbers.
    private static let foreign: [(String, LogEvent)] = [
        // Times, and what loggers put before a text.
        (
            "2031/02/28 07:15:09: Peer 1001 makes a connection to Peer 1002.",
            .connects(to: other)
        ),
        (
            "2031-02-28 07:15:09.25 : Peer 1001 makes a connection to Peer 1002",
            .connects(to: other)
        ),
        ("28-02-2031 07:15:09: Peer 1001 makes a connection to 1002", .connects(to: other)),
        ("[2/28/2031 7:15:9]: Peer 1001 is choked by 1002.", .isChoked(by: other)),
        ("[28/02/31 07:15:09]: Peer 1001 is choked by 1002.", .isChoked(by: other)),
        ("28 Feb 2031 07:15:09: Peer 1001 is choked by 1002", .isChoked(by: other)),
        ("[Fri Feb 28 07:15:09 UTC 2031]: Peer 1001 is choked by 1002", .isChoked(by: other)),
        ("2031.02.28 AD at 07:15:09 EST Peer 1001 is choked by 1002", .isChoked(by: other)),
        ("2031-02-28_07:15:09 Peer 1001 is choked by 1002", .isChoked(by: other)),
        ("1930029309: Peer 1001 is choked by 1002", .isChoked(by: other)),
        ("INFO: 28/02/2031 07:15:09 AM: Peer 1001 is choked by 1002.", .isChoked(by: other)),
        ("INFO: : Peer 1001 is choked by 1002", .isChoked(by: other)),
        (
            "2031-02-28 07:15:09,006 [Thread-7] INFO : Peer 1001 is choked by 1002.",
            .isChoked(by: other)
        ),
        ("2031-02-28 07:15:09 - Peer INFO - Peer 1001 is choked by 1002.", .isChoked(by: other)),
        ("07:15:09.1 : app.Peer 1001 is choked by 1002.", .isChoked(by: other)),
        // Ids.
        ("[t]: Peer [1001] is choked by [1002].", .isChoked(by: other)),
        ("[t]: Peer[1001] is choked by Peer[1002]", .isChoked(by: other)),
        ("[t]: Peer [ 1001] is choked by [ 1002].", .isChoked(by: other)),
        ("[t]: peer 1001 is choked by peer 1002", .isChoked(by: other)),
        ("[t]: Peer: 1001 is choked by Peer:1002", .isChoked(by: other)),
        ("[t]: Peer1001 is choked by 1002.", .isChoked(by: other)),
        ("[t]: Peer 1001is choked by1002", .isChoked(by: other)),
        ("[t]: Peer [peer_ID 1001] is choked by [peer_ID 1002].", .isChoked(by: other)),
        ("[t]: Peer <1001> is choked by <1002>.", .isChoked(by: other)),
        ("[t]: Peer 1001 is choked by 1002 .\r", .isChoked(by: other)),
        ("\u{FEFF}Peer 1001 is choked by 1002.", .isChoked(by: other)),
        ("\tPeer\u{A0}1001  is   choked by  1002", .isChoked(by: other)),
        // Words of each sentence.
        ("[t]: Peer 1001 made a connection to Peer [1002]", .connects(to: other)),
        ("[t]: Peer 1001 make a connection to 1002", .connects(to: other)),
        ("[t]: Peer [1001] makes a connnection to Peer [1002]", .connects(to: other)),
        ("[t]: Peer 1001 makes a TCP connection to Peer 1002.", .connects(to: other)),
        ("[t]: Peer 1001is connected to1002", .connects(to: other)),
        ("[t]: Peer 1001 is connected from 1002.", .isConnected(from: other)),
        ("[t]: Peer 1001 is already connected from peer 1002 .", .isConnected(from: other)),
        (
            "[t]: Peer 1001 has the preferred neighbors 1002, 1003.",
            .prefers([other, PeerID(1003)])
        ),
        (
            "[t]: Peer 1001 has the preferred neighbors [1002,1003]",
            .prefers([other, PeerID(1003)])
        ),
        (
            "[t]: Peer 1001 has the preferred neighbors [[1002, 1003]]",
            .prefers([other, PeerID(1003)])
        ),
        (
            "[t]: Peer 1001 has the preferred neighbors: 1002, 1003, ",
            .prefers([other, PeerID(1003)])
        ),
        ("[t]: Peer 1001 has the preferred neighbors 1002.1003.", .prefers([other, PeerID(1003)])),
        ("[t]: Peer 1001 has preferred neighbors 1002 1003", .prefers([other, PeerID(1003)])),
        ("[t]: Peer 1001 has the preferred neighbours 1002", .prefers([other])),
        ("[t]: Peer [1001] has the prefeered neighbors [1002]", .prefers([other])),
        ("[t]: Peer 1001 has the preferred neighbors .", .prefers([])),
        ("[t]: Peer 1001 has optimistically unchoked neighbor 1002.", .servesInTurn(other)),
        ("[t]: Peer [1001] has the optimistically-unchoked neighbor [1002].", .servesInTurn(other)),
        ("[t]: Peer [1001] has the optimistically unchoked neighbors [1002]", .servesInTurn(other)),
        ("[t]: Peer 1001 has the optimistic unchoked neighbor 1002", .servesInTurn(other)),
        ("[t]: Peer 1001 is unchocked by 1002.", .isUnchoked(by: other)),
        ("[t]: Peer 1001 UNCHOKED by 1002", .isUnchoked(by: other)),
        ("[t]: Peer [1001] is chocked by [1002]", .isChoked(by: other)),
        (
            "[t]: Peer 1001 received the have message from  1002 for the piece 7",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer 1001 received a 'have' message from 1002 for the piece 7.",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer [1001] received a 'have' message from  [1002] for piece [7].",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer [1001] received a 'have' message from [1002] for the piece[7].",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer [1001] received the 'have' message from [1002] for the piece [piece 7].",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer 1001 received the ‘have’ message from 1002for the piece 7",
            .heard(of: 7, from: other)
        ),
        (
            "[t]: Peer 1001 received the 'have' message for the piece 7 from 1002 .",
            .heard(of: 7, from: other)
        ),
        ("[t]: Peer 1001 receive an 'interested' message from [1002].", .interested(other)),
        ("[t]: Peer 1001 received 'interested' message from 1002", .interested(other)),
        ("[t]: Peer 1001 received the ‘interested’message from 1002.", .interested(other)),
        ("[t]: Peer 1001 received the \"interested\" messaging from 1002.", .interested(other)),
        ("[t]: Peer 1001 recieved an `interested´ message from [ 1002].", .interested(other)),
        ("[t]: Peer 1001 has received the “interested” message from Peer 1002", .interested(other)),
        (
            "[t]: Peer [1001] received the ‘ not interested’ message from Peer[1002]",
            .uninterested(other)
        ),
        ("[t]: Peer 1001 received a 'not interested message' from 1002", .uninterested(other)),
        ("[t]: Peer 1001 received the 'not_interested' message from 1002", .uninterested(other)),
        ("[t]: Peer 1001 received the 'NotInterested' message from 1002", .uninterested(other)),
        (
            "[t]: Peer [1001] has downloaded the piece [7 from [1002]. "
                + "Now the number of pieces it has is [9].",
            .downloaded(7, from: other, count: 9)
        ),
        (
            "[t]: Peer 1001 has downloaded the piece 7 from peer 1002."
                + "Now the number of pieces it has is 9",
            .downloaded(7, from: other, count: 9)
        ),
        (
            "[t]: Peer 1001 has downloaded the piece7 from 1002"
                + "Now the number of pieces it has is : 9",
            .downloaded(7, from: other, count: 9)
        ),
        (
            "[t]: Peer 1001 has downloaded the piece 7 from 1002. ",
            .downloaded(7, from: other, count: nil)
        ),
        ("[t]: Peer 1001 has downloaded the complete file ", .isComplete),
        ("[t]: Peer 1001 has downloaded the entire file.", .isComplete),
        ("[t]: Peer 1001 Complete file downloaded", .isComplete),
    ]

    @Test(arguments: foreign)
    func aForeignSentenceIsRead(text: String, event: LogEvent) {
        #expect(LogLine(text)?.event == event)
        #expect(LogLine(text)?.peer == PeerID(1001))
    }

    @Test(arguments: [
        "", " ", "what?", "[t]: test",
        "[t] STARTUP: Peer [1001] loaded Common.cfg, PieceSize=16384.",
        "[t] Peer [1001] sent BITFIELD to Peer [1002].",
        "[t]: Peer 1001 is sending the 'have' message to 1002",
        "[t]: Peer 1001 'requests' for piece 7 from 1002",
        "[t]: Peer 1001 has no preferred neighbors",
        "[t]: Peer 1001 received the 'handshake' message from 1002",
        "[t]: Peer 1001 has the preferred neighbors {1002=3, 1003=4}",
        "[t]: Peer 1001 has the optimistically unchoked neighbor null",
        "[t]: Peer 1001 has the optimistically unchoked neighbor -1",
        "[t]: Peer 1001 is choked by 01002", "[t]: Peer 1001 is choked by 9999999999999999999999",
        "[t]: Peer 1001 is choked by 1002 and 1003", "[t]: Peer is choked by 1002",
        "[t]: 1001 is choked by 1002", "INFO: Created Peer1001",
        "[t]: Peer 1001 has half of it. Now the number of pieces it has is 5",
    ])
    func otherTextsAreNoSentences(text: String) { #expect(LogLine(text) == nil) }

    @Test func aSentenceMayBeCutInTwo() {
        #expect(LogLine("Now the number of pieces it has is 5.")?.event == .holds(5))
        #expect(LogLine("[12:00]: now the number of pieces it has is [5]")?.event == .holds(5))
        #expect(LogLine("Now the number of pieces it has is 5.")?.peer == nil)
    }

    /// A number that begins a sentence without "Peer" is a peer only if the log is its own.
    @Test func theOwnerNeedsNoName() {
        var tokens = LogTokens()
        tokens.read(Array("[12:00]: [1001]makes a connnection to Peer [1008]".utf8).span)
        let line = LogLine(tokens, owner: PeerID(1001))
        #expect(line?.event == .connects(to: PeerID(1008)))
        #expect(LogLine(tokens, owner: PeerID(1002)) == nil)
    }
}
