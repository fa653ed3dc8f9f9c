import Testing
import Vocabulary
import Wire

@testable import Node

/// Messages for which a transport has no room yet.
struct OutboxTests {
    private func contents(of box: [Loopback.Letter]?) throws -> [ContentID] {
        try (box ?? []).map { letter in
            let message = unsafe try Message(parsing: letter.bytes.span.bytes, tag: letter.tag)
            guard case .tracker(.fileCompleted(let content)) = message else { return .none }
            return content
        }
    }

    @Test func waitingMessagesLeaveInOrderWhenThereIsRoom() throws {
        let network = Loopback(rankCount: 3)
        let (near, far) = (Rank(1), Rank(2))
        var endpoint = network.endpoint(of: .first, reading: [.download])
        var outbox = Outbox(rankCount: 3)
        network.dead = [far]
        let all = (1...5).map { ContentID(high: 0, low: UInt64($0)) }
        for content in all {
            for rank in [near, far] {
                outbox.send(
                    .tracker(.fileCompleted(content)), tail: [], to: rank, over: &endpoint)
            }
        }
        #expect(try contents(of: network.letters[Loopback.box(near, .tracker)]) == all)
        let isWaiting = !outbox.isEmpty
        #expect(isWaiting)
        let hasSentInVain = outbox.flush(over: &endpoint)
        #expect(!hasSentInVain, "there is no room yet, and a thread may rest")
        network.dead = []
        let hasSent = outbox.flush(over: &endpoint)
        #expect(hasSent)
        #expect(try contents(of: network.letters[Loopback.box(far, .tracker)]) == all)
        let isEmpty = outbox.isEmpty
        #expect(isEmpty)
        let hasSentAgain = outbox.flush(over: &endpoint)
        #expect(!hasSentAgain)
    }
}
