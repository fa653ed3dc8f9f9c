import Staging
import Testing
import Vocabulary
import Wire

@testable import Node

/// Ranks that misbehave before a job has a tracker.
struct StageCoordinatorNodeTests {
    private let network = Loopback(rankCount: 2)

    private func node(over network: Loopback) throws -> StageCoordinatorNode<LoopbackEndpoint> {
        let wish = StageWish(sources: ["s"], names: [try RelativePath("s")])
        let endpoint = network.endpoint(of: .first, reading: [.tracker])
        return StageCoordinatorNode(endpoint, now: .zero) { _, effects in
            StageCoordinator(
                wish, StagePlan.Terms(job: 1), rankCount: network.rankCount, now: .zero,
                effects: &effects)
        }
    }

    private func node() throws -> StageCoordinatorNode<LoopbackEndpoint> { try node(over: network) }

    /// The rank sees no source: if no other does, there is no job.
    private func sendSurvey(from rank: Rank) { sendSurvey(from: rank, over: network) }

    private func sendSurvey(from rank: Rank, over network: Loopback) {
        let survey = Survey(
            host: "a", node: 1, sources: [nil], destination: "/d", destinationIsFolder: false)
        send(.survey(page: 0, isLast: true), survey.encoded(), from: rank, over: network)
    }

    private func send(_ message: TrackerMessage, from rank: Rank) {
        send(message, [], from: rank, over: network)
    }

    private func send(
        _ message: TrackerMessage, _ tail: [UInt8], from rank: Rank, over network: Loopback
    ) {
        var endpoint = network.endpoint(of: rank, reading: [.download])
        var outbox = Outbox(rankCount: network.rankCount)
        outbox.send(.tracker(message), tail: tail[...], to: .first, over: &endpoint)
    }

    @Test func aRankThatIsNotUnderstoodIsNotWaitedFor() throws {
        var node = try node()
        for _ in 0..<2 {
            let nonsense = [UInt8](repeating: 0xFF, count: 40)
            network.post(
                Loopback.Letter(source: Rank(1), tag: .tracker, bytes: nonsense), to: .first)
        }
        sendSurvey(from: .first)
        _ = node.step(now: .zero)
        let coordinator = node.machine
        #expect(coordinator.stage == .over)
        #expect(coordinator.surveys.keys.map(\.raw) == [0])
    }

    /// The rank would not understand an order of rank 0.
    @Test func aRankDoesNotWaitForARank0ThatItDoesNotUnderstand() {
        let survey = Survey(
            host: "a", node: 1, sources: [nil], destination: "/d", destinationIsFolder: false)
        var node = StageParticipantNode(
            survey, network: network.endpoint(of: Rank(1), reading: [.download]), now: .zero)
        for count in 1...2 {
            let nonsense = [UInt8](repeating: 0xFF, count: 40)
            network.post(
                Loopback.Letter(source: .first, tag: .download, bytes: nonsense), to: Rank(1))
            _ = node.step(now: .zero)
            let participant = node.machine
            #expect(participant.isAbandoned == (count == 2))
        }
    }

    /// The job has more ranks than sends may be outstanding.
    @Test func everyRankGetsItsOrderThoughSendsWaitForRoom() throws {
        let network = Loopback(rankCount: 5)
        network.sendsMax = 2
        var node = try node(over: network)
        for rank in 0..<5 { sendSurvey(from: Rank(Int32(rank)), over: network) }
        for _ in 0..<3 { _ = node.step(now: .zero) }
        let isOver = node.isOver
        #expect(isOver)
        for rank in 0..<5 {
            let letters = network.letters[Loopback.box(Rank(Int32(rank)), .download)]
            #expect(letters?.count == 1, "rank \(rank)")
        }
    }

    @Test func aRankThatSendsTheSameWithoutEndIsHeardAllTheSame() throws {
        var node = try node()
        for _ in 0..<Repetitions.repetitionsMax * 2 { send(.alive, from: Rank(1)) }
        sendSurvey(from: Rank(1))
        sendSurvey(from: .first)
        _ = node.step(now: .zero)
        let coordinator = node.machine
        #expect(coordinator.stage == .over)
        #expect(coordinator.surveys.keys.map(\.raw).sorted() == [0, 1])
        let answers = network.letters[Loopback.box(Rank(1), .download)]?.count ?? 0
        #expect(answers == Repetitions.answersMax + 2, "those, the first, and the order")
    }

    /// Rank 0's own proofs of life stand still with it.
    @Test func afterAStopTheSilenceOfTheOthersProvesNothing() throws {
        var node = try node()
        sendSurvey(from: .first)
        _ = node.step(now: .zero)
        _ = node.step(now: .zero + .seconds(15))
        let lost = node.machine.stage == .over
        #expect(!lost, "rank 1 has had no time to answer")
        sendSurvey(from: Rank(1))
        _ = node.step(now: .zero + .seconds(16))
        let heard = node.machine.surveys.keys.map(\.raw).sorted()
        #expect(heard == [0, 1])
    }
}
