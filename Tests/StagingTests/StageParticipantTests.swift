import Swarm
import Testing
import Vocabulary
import Wire

@testable import Staging

/// What a rank says before it has its order.
struct StageParticipantTests {
    private let survey = Samples.survey("a", [Samples.sight(5)])

    private func hear(
        _ participant: inout StageParticipant, _ message: DownloadMessage, _ tail: [UInt8] = [],
        from rank: Int32 = 0, now: Tick = .zero
    ) throws -> [StageParticipantEffect] {
        var effects = Effects<StageParticipantEffect>()
        try unsafe participant.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
        return effects.list
    }

    private func participant() -> (StageParticipant, Effects<StageParticipantEffect>) {
        var effects = Effects<StageParticipantEffect>()
        return (StageParticipant(survey, now: .zero, effects: &effects), effects)
    }

    @Test func itSaysWhatItSeesAndProvesThatItLives() {
        var (participant, effects) = participant()
        guard
            case .send(.tracker(.survey(page: 0, isLast: true)), let tail, .first) = effects.list[0]
        else {
            Issue.record("\(effects.list)")
            return
        }
        #expect(Array(effects.bytes(of: tail)) == survey.encoded())
        effects.removeAll()
        participant.timeout(now: .zero + .seconds(1), effects: &effects)
        #expect(effects.list == [])
        participant.timeout(now: .zero + .seconds(2), effects: &effects)
        #expect(effects.list.first == .send(.tracker(.alive), .none, to: .first))
    }

    @Test func itListsWhatItIsAskedForAndHas() throws {
        var (participant, _) = participant()
        #expect(try hear(&participant, .listRequest(source: 0)) == [.order(.list(source: 0))])
        for source: UInt32 in [1, .max] {
            #expect(throws: WireError.malformed) {
                try hear(&participant, .listRequest(source: source))
            }
        }
    }

    @Test func aDestinationIsTakenAndLetGoOf() throws {
        var (participant, effects) = participant()
        let path = Array("/x/y".utf8)
        let order = ClaimOrder(number: 7, path: "/x/y")
        #expect(
            try hear(&participant, .claim(number: 7, isOn: true), path) == [.order(.claim(order))])
        #expect(
            try hear(&participant, .claim(number: 7, isOn: false), path)
                == [.order(.claim(ClaimOrder(number: 7, path: nil)))])
        #expect(throws: WireError.malformed) {
            try hear(&participant, .claim(number: 7, isOn: true), [0xFF])
        }
        effects.removeAll()
        participant.claimed(order, isFree: false, place: 9, effects: &effects)
        #expect(
            effects.list
                == [
                    .send(.tracker(.claimed(number: 7, isFree: false, place: 9)), .none, to: .first)
                ])
    }

    @Test func anOrderOfManyPagesIsPutTogether() throws {
        var (participant, _) = participant()
        var order = StageOrder()
        order.landing = Landing(folder: "/x", name: nil)
        let bytes = order.encoded()
        let half = bytes.count / 2
        _ = try hear(&participant, .order(page: 0, isLast: false), Array(bytes[..<half]))
        #expect(!participant.isOver)
        #expect(throws: WireError.malformed) {
            try hear(&participant, .order(page: 2, isLast: true), Array(bytes[half...]))
        }
        _ = try hear(&participant, .order(page: 1, isLast: true), Array(bytes[half...]))
        #expect(participant.isOver && participant.order == order)
    }

    @Test func anEmptyOrderMeansThatThereIsNoJob() throws {
        var (participant, _) = participant()
        _ = try hear(&participant, .order(page: 0, isLast: true))
        #expect(participant.isOver && participant.order == nil)
    }

    @Test func onlyRankZeroIsHeard() {
        var (participant, _) = participant()
        #expect(throws: WireError.malformed) {
            try hear(&participant, .order(page: 0, isLast: true), from: 1)
        }
        #expect(!participant.isOver)
    }

    @Test func withoutRankZeroItWaitsNoLonger() throws {
        var (participant, _) = participant()
        participant.died(Rank(3))
        #expect(!participant.isOver)
        participant.died(.first)
        #expect(participant.isOver && participant.isAbandoned && participant.order == nil)
    }

    @Test func anOrderCountsThoughRankZeroDiesThen() throws {
        var (participant, _) = participant()
        var order = StageOrder()
        order.landing = Landing(folder: "/x", name: nil)
        _ = try hear(&participant, .order(page: 0, isLast: true), order.encoded())
        participant.died(.first)
        #expect(participant.order == order && !participant.isAbandoned)
    }

    @Test func itDoesNotWaitForEver() throws {
        var (participant, effects) = participant()
        _ = try hear(&participant, .aliveAck, now: .zero + .seconds(30))
        participant.timeout(now: .zero + .seconds(89), effects: &effects)
        #expect(!participant.isOver)
        participant.timeout(now: .zero + .seconds(90), effects: &effects)
        #expect(participant.isOver && participant.order == nil)
    }
}
