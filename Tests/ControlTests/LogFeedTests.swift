import Content
import Testing
import Vocabulary

@testable import Control

/// Logs come in parts, and may hold any bytes.
@Suite struct LogFeedTests {
    private static let log = """
        \u{FEFF}[t]: Peer 1 is connected from Peer 2.\r
        [t]: Peer 1 is unchoked by 2.\r
        \r
        [t]: Peer 1 has downloaded the piece 1 from 2.\r
        Now the number of pieces it has is 1.\r
        [t]: Peer 1 sleeps.\r
        [t]: Peer 1 has downloaded the piece 0 from 2.\r
        Now the number of pieces it has is 3.\r
        [t]: Peer 1 has downloaded the complete file.
        """

    private func check(_ log: [UInt8], partByteCount: Int) -> LogCheck {
        var check = LogCheck(LogTerms())
        check.begin(logOf: PeerID(1))
        var start = 0
        while start < log.count {
            let end = min(log.count, start + partByteCount)
            check.feed(log.span.extracting(start..<end))
            start = end
        }
        check.end()
        check.begin(logOf: PeerID(2))
        check.feed(Array("[t]: Peer 2 makes a connection to Peer 1.".utf8).span)
        check.end()
        return check
    }

    @Test(arguments: [1, 2, 3, 7, 40, 10_000])
    func partsMayEndAnywhere(partByteCount: Int) {
        let check = check(Array(Self.log.utf8), partByteCount: partByteCount)
        #expect(check.unread.map(\.line) == [6])
        #expect(check.unread.map(\.bytes) == [Array("[t]: Peer 1 sleeps.\r".utf8)])
        let flaw = LogFlaw(peer: PeerID(1), line: 8, rule: .wrongCount(3, expected: 2))
        #expect(check.breaches().map(\.first) == [flaw])
        #expect(check.pieceCount == 3)
    }

    @Test(arguments: [1 << 10, 1 << 16, 1 << 20])
    func aLongLineIsOneThatIsNotUnderstood(partByteCount: Int) {
        var log = Array("[t]: Peer 1 is choked by 2.\n".utf8)
        log += [UInt8](repeating: UInt8(ascii: "7"), count: LogCheck.lineByteCountMax + 1)
        log += Array("\n[t]: Peer 1 is connected from Peer 2.\n".utf8)
        let check = check(log, partByteCount: partByteCount)
        #expect(check.unreadCount == 1)
        #expect(check.unread.first?.line == 2)
        #expect(check.unread.first?.bytes.count == 120)
        #expect(check.breaches() == [])
    }

    /// The greatest number of peers that are kept is reached, and rules about pairs end there.
    @Test(arguments: [(4, false), (3, true)])
    func peersThatAreMentionedAreLimited(neighboursMax: Int, isExceeded: Bool) {
        var check = LogCheck(LogTerms(), neighboursMax: neighboursMax)
        for peer in 1...2 {
            check.begin(logOf: PeerID(peer))
            check.feed(Array("[t]: Peer \(peer) has the preferred neighbors 8,9.".utf8).span)
            check.end()
        }
        #expect(check.hasMoreNeighbours == isExceeded)
        #expect(check.unreadCount == 0)
        let unconnected = check.breaches().contains { $0.first.rule.kind == .unconnected }
        #expect(unconnected == !isExceeded)
    }

    @Test func aPieceThatNoFileHasIsNotKept() {
        var pieces = LogPieces()
        let most = Geometry.pieceCountMax
        let areNew = [most, most, most - 1, most - 1, .max].map { pieces.insert($0) }
        #expect(areNew == [true, true, true, false, true])
    }

    @Test(arguments: UInt64(1)...3)
    func noiseIsReadOrNot(seed: UInt64) {
        var chance = Chance(seed: seed)
        for _ in 0..<300 {
            var bytes = Array(Self.log.utf8)
            for _ in 0..<chance.below(9) {
                bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
            }
            let check = check(bytes, partByteCount: 1 + chance.below(50))
            for breach in check.breaches() {
                #expect(breach.count >= breach.logCount)
                #expect(breach.first.line >= 0)
            }
        }
    }
}
