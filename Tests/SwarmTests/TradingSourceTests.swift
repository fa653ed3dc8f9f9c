import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A source that trades with neighbours that lack everything.
struct TradingSourceTests {
    /// After its first review.
    private static func source(
        neighbours: Int32, rules change: (inout UploaderRules) -> Void
    ) throws -> UploaderFixture {
        var fixture = UploaderFixture(8) {
            $0.serving = .titForTat
            change(&$0)
        }
        for rank in 1...neighbours { try fixture.meet(rank, "........") }
        fixture.step()
        return fixture
    }

    /// The neighbours unchoked since the last time, in the order of their ranks.
    private static func unchoked(_ fixture: inout UploaderFixture) -> [Int32] {
        fixture.drain().compactMap { act in
            if case .send(.unchoke, let rank, _) = act { rank } else { nil }
        }.sorted()
    }

    @Test func aFreePlaceIsFilledBeforeTheNextReview() throws {
        var fixture = try Self.source(neighbours: 1) { $0.preferredMax = 2 }
        #expect(Self.unchoked(&fixture) == [1])
        for rank: Int32 in 2...9 { try fixture.meet(rank, "........") }
        fixture.step()
        #expect(Self.unchoked(&fixture).count == 2)
        fixture.pass(.seconds(10))
        #expect(fixture.uploader.choker.preferred.count == 2)
        #expect(fixture.uploader.choker.optimistic != nil)
    }

    /// Its receivers are choked in the middle of a piece sooner or later, and the next ones wait
    /// for those pieces to end.
    @Test func aSourceNeverSendsMorePiecesThanItHasPlaces() throws {
        var fixture = try Self.source(neighbours: 12) { $0.preferredMax = 2 }
        var number: UInt32 = 0
        var sendsMost = 0
        var served: Set<Int32> = []
        for _ in 0..<4 {
            for rank in Self.unchoked(&fixture) {
                number += 1
                served.insert(rank)
                try fixture.request(Int(number) % 8, number, from: rank)
            }
            _ = fixture.stepReading()
            sendsMost = max(sendsMost, fixture.uploader.sends.count { $0.stage == .sending })
            fixture.pass(.seconds(10))
        }
        #expect(sendsMost == 3 && served.count > 3)
    }
}
