import Swarm
import Testing
import Vocabulary
import Wire

@testable import Staging

/// What a rank says before it has its order.
struct RecruitTests {
    private let survey = Samples.survey("a", [Samples.sight(5)])

    private func hear(
        _ recruit: inout Recruit, _ message: DownloadMessage, _ tail: [UInt8] = [],
        from rank: Int32 = 0, now: Tick = .zero
    ) throws -> [RecruitEffect] {
        var effects = Effects<RecruitEffect>()
        try unsafe recruit.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
        return effects.list
    }

    private func recruit() -> (Recruit, Effects<RecruitEffect>) {
        var effects = Effects<RecruitEffect>()
        return (Recruit(survey, now: .zero, effects: &effects), effects)
    }

    @Test func itSaysWhatItSeesAndProvesThatItLives() {
        var (recruit, effects) = recruit()
        guard
            case .send(.tracker(.survey(page: 0, isLast: true)), let tail, .first) = effects.list[0]
        else {
            Issue.record("\(effects.list)")
            return
        }
        #expect(Array(effects.bytes(of: tail)) == survey.encoded())
        effects.removeAll()
        recruit.timeout(now: .zero + .seconds(1), effects: &effects)
        #expect(effects.list == [])
        recruit.timeout(now: .zero + .seconds(2), effects: &effects)
        #expect(effects.list.first == .send(.tracker(.alive), .none, to: .first))
    }

    @Test func itListsWhatItIsAskedForAndHas() throws {
        var (recruit, _) = recruit()
        #expect(try hear(&recruit, .listRequest(source: 0)) == [.list(source: 0)])
        for source: UInt32 in [1, .max] {
            #expect(throws: WireError.malformed) {
                try hear(&recruit, .listRequest(source: source))
            }
        }
    }

    @Test func aDestinationIsTakenAndLetGoOf() throws {
        var (recruit, effects) = recruit()
        let path = Array("/x/y".utf8)
        let order = ClaimOrder(number: 7, path: "/x/y")
        #expect(try hear(&recruit, .claim(number: 7, isOn: true), path) == [.claim(order)])
        #expect(
            try hear(&recruit, .claim(number: 7, isOn: false), path)
                == [.claim(ClaimOrder(number: 7, path: nil))])
        #expect(throws: WireError.malformed) {
            try hear(&recruit, .claim(number: 7, isOn: true), [0xFF])
        }
        effects.removeAll()
        recruit.claimed(order, isFree: false, place: 9, effects: &effects)
        #expect(
            effects.list
                == [
                    .send(.tracker(.claimed(number: 7, isFree: false, place: 9)), .none, to: .first)
                ])
    }

    @Test func anOrderOfManyPagesIsPutTogether() throws {
        var (recruit, _) = recruit()
        var order = StageOrder()
        order.landing = Landing(folder: "/x", name: nil)
        let bytes = order.encoded()
        let half = bytes.count / 2
        _ = try hear(&recruit, .order(page: 0, isLast: false), Array(bytes[..<half]))
        #expect(!recruit.isOver)
        #expect(throws: WireError.malformed) {
            try hear(&recruit, .order(page: 2, isLast: true), Array(bytes[half...]))
        }
        _ = try hear(&recruit, .order(page: 1, isLast: true), Array(bytes[half...]))
        #expect(recruit.isOver && recruit.order == order)
    }

    @Test func anEmptyOrderMeansThatThereIsNoJob() throws {
        var (recruit, _) = recruit()
        _ = try hear(&recruit, .order(page: 0, isLast: true))
        #expect(recruit.isOver && recruit.order == nil)
    }

    @Test func onlyRankZeroIsHeard() {
        var (recruit, _) = recruit()
        #expect(throws: WireError.malformed) {
            try hear(&recruit, .order(page: 0, isLast: true), from: 1)
        }
        #expect(!recruit.isOver)
    }

    @Test func withoutRankZeroItWaitsNoLonger() throws {
        var (recruit, _) = recruit()
        recruit.died(Rank(3))
        #expect(!recruit.isOver)
        recruit.died(.first)
        #expect(recruit.isOver && recruit.isAbandoned && recruit.order == nil)
    }

    @Test func anOrderCountsThoughRankZeroDiesThen() throws {
        var (recruit, _) = recruit()
        var order = StageOrder()
        order.landing = Landing(folder: "/x", name: nil)
        _ = try hear(&recruit, .order(page: 0, isLast: true), order.encoded())
        recruit.died(.first)
        #expect(recruit.order == order && !recruit.isAbandoned)
    }

    @Test func itDoesNotWaitForEver() throws {
        var (recruit, effects) = recruit()
        _ = try hear(&recruit, .aliveAck, now: .zero + .seconds(30))
        recruit.timeout(now: .zero + .seconds(89), effects: &effects)
        #expect(!recruit.isOver)
        recruit.timeout(now: .zero + .seconds(90), effects: &effects)
        #expect(recruit.isOver && recruit.order == nil)
    }
}
