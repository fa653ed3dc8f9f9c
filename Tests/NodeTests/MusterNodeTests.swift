import Staging
import Testing
import Vocabulary
import Wire

@testable import Node

/// Ranks that do wrong before a job has a tracker.
struct MusterNodeTests {
    private let network = Loopback(rankCount: 2)

    private func node() throws -> MusterNode<LoopbackEndpoint> {
        let wish = StageWish(sources: ["s"], names: [try RelativePath("s")])
        return MusterNode(network.endpoint(of: .first, reading: [.tracker])) { effects in
            Muster(wish, StagePlan.Terms(job: 1), rankCount: 2, now: .zero, effects: &effects)
        }
    }

    /// A rank that sees no source: where no other does, there is no job.
    private func sendSurvey(from rank: Rank) {
        let survey = Survey(
            host: "a", sources: [nil], destination: "/d", destinationIsFolder: false)
        send(.survey(page: 0, isLast: true), survey.encoded(), from: rank)
    }

    private func send(_ message: TrackerMessage, _ tail: [UInt8] = [], from rank: Rank) {
        var endpoint = network.endpoint(of: rank, reading: [.download])
        var outbox = Outbox(rankCount: 2)
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
        let muster = node.machine
        #expect(muster.stage == .over)
        #expect(muster.surveys.keys.map(\.raw) == [0])
    }

    @Test func aRankThatSendsTheSameWithoutEndIsHeardAllTheSame() throws {
        var node = try node()
        for _ in 0..<Repetitions.repetitionsMax * 2 { send(.alive, from: Rank(1)) }
        sendSurvey(from: Rank(1))
        sendSurvey(from: .first)
        _ = node.step(now: .zero)
        let muster = node.machine
        #expect(muster.stage == .over)
        #expect(muster.surveys.keys.map(\.raw).sorted() == [0, 1])
    }
}
