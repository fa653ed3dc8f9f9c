import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Rules of trading other than the usual ones, by which simulations follow those of others.
struct TradingRulesTests {
    /// A source that trades with neighbours who lack everything, after its first review.
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

    /// Whom it has unchoked since the last time, in the order of their ranks.
    private static func unchoked(_ desk: inout Desk) -> [Int32] {
        desk.drain().compactMap { act in
            if case .send(.unchoke, let rank, _) = act { rank } else { nil }
        }.sorted()
    }

    private static func payloads(_ acts: [Act]) -> Int {
        acts.count { if case .sendPayload = $0 { true } else { false } }
    }

    /// With one place for who gave most, or for anybody at a source, there is no other.
    @Test func withoutTurnsOnlyThePreferredAreServed() throws {
        var desk = try Self.source(neighbours: 6) {
            $0.preferredMax = 1
            $0.hasOptimistic = false
        }
        #expect(Self.unchoked(&desk).count == 1)
        for _ in 0..<10 {
            desk.pass(.seconds(10))
            #expect(Self.unchoked(&desk).count <= 1)
            #expect(desk.uploader.choker.preferred.count == 1)
            #expect(desk.uploader.choker.optimistic == nil)
        }
    }

    @Test(arguments: [true, false])
    func aFreePlaceIsFilledAtOnceOrWaits(fills: Bool) throws {
        var desk = try Self.source(neighbours: 1) {
            $0.preferredMax = 2
            $0.fillsFreePlaces = fills
        }
        #expect(Self.unchoked(&desk) == [1])
        for rank: Int32 in 2...9 { try desk.meet(rank, "........") }
        desk.step()
        #expect(Self.unchoked(&desk).count == (fills ? 2 : 0))
        desk.pass(.seconds(10))
        #expect(desk.uploader.choker.preferred.count == 2)
        #expect(desk.uploader.choker.optimistic != nil)
    }

    /// Both are choked in the middle of a piece sooner or later.
    @Test(arguments: Handover.allCases)
    func aSourceGoesOnToOthersInTheMiddleOfAPiece(handover: Handover) throws {
        var desk = try Self.source(neighbours: 12) {
            $0.preferredMax = 2
            $0.hasOptimistic = false
            $0.handover = handover
        }
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
        switch handover {
        case .waits: #expect(sendsMost == 2 && served.count > 2)
        case .overlaps: #expect(sendsMost > 2 && served.count > 2)
        case .keeps: #expect(sendsMost == 2 && served.count == 2)
        }
    }

    /// What is on its way to the choked is finished, and then they wait like all others.
    @Test func whoIsKeptIsLetGoWhenItHasItsPiece() throws {
        var desk = try Self.source(neighbours: 12) {
            $0.preferredMax = 1
            $0.hasOptimistic = false
            $0.handover = .keeps
        }
        let first = try #require(Self.unchoked(&desk).first)
        try desk.request(0, 1, from: first)
        #expect(Self.payloads(desk.stepReading()) == 1)
        desk.pass(.seconds(10))
        #expect(Self.unchoked(&desk) == [])
        desk.sent(1, to: first)
        var others: Set<Int32> = []
        for _ in 0..<8 {
            desk.pass(.seconds(10))
            others.formUnion(Self.unchoked(&desk))
        }
        #expect(!others.isEmpty)
    }
}
