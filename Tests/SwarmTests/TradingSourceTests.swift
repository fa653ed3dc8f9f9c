import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A source that trades with neighbours that lack everything.
struct TradingSourceTests {
    /// After its first review.
    private static func source(
        neighbours: Int32, rules change: (inout UploaderRules) -> Void
    ) throws -> Desk {
        var desk = Desk(8) {
            $0.serving = .titForTat
            change(&$0)
        }
        for rank in 1...neighbours { try desk.meet(rank, "........") }
        desk.step()
        return desk
    }

    /// The neighbours unchoked since the last time, in the order of their ranks.
    private static func unchoked(_ desk: inout Desk) -> [Int32] {
        desk.drain().compactMap { act in
            if case .send(.unchoke, let rank, _) = act { rank } else { nil }
        }.sorted()
    }

    @Test func aFreePlaceIsFilledBeforeTheNextReview() throws {
        var desk = try Self.source(neighbours: 1) { $0.preferredMax = 2 }
        #expect(Self.unchoked(&desk) == [1])
        for rank: Int32 in 2...9 { try desk.meet(rank, "........") }
        desk.step()
        #expect(Self.unchoked(&desk).count == 2)
        desk.pass(.seconds(10))
        #expect(desk.uploader.choker.preferred.count == 2)
        #expect(desk.uploader.choker.optimistic != nil)
    }

    /// Its receivers are choked in the middle of a piece sooner or later, and the next ones wait
    /// for those pieces to end.
    @Test func aSourceNeverSendsMorePiecesThanItHasPlaces() throws {
        var desk = try Self.source(neighbours: 12) { $0.preferredMax = 2 }
        var number: UInt32 = 0
        var sendsMost = 0
        var served: Set<Int32> = []
        for _ in 0..<4 {
            for rank in Self.unchoked(&desk) {
                number += 1
                served.insert(rank)
                try desk.request(Int(number) % 8, number, from: rank)
            }
            _ = desk.stepReading()
            sendsMost = max(sendsMost, desk.uploader.sends.count { $0.stage == .sending })
            desk.pass(.seconds(10))
        }
        #expect(sendsMost == 3 && served.count > 3)
    }
}
