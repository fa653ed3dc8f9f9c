import Swarm
import Testing
import Vocabulary
import Wire

/// A downloader that waits for room on its host's disk.
struct DownloaderRoomTests {
    private static func needs(_ client: inout Client) -> Int {
        let need = TrackerMessage.measured(
            Client.content, needed: ByteCount(5), available: ByteCount(9))
        return client.drain().count { effect in
            if case .send(.tracker(let message), _, _) = effect { message == need } else { false }
        }
    }

    /// The answer may have gone to a tracker that this rank has left.
    @Test func aNeedIsRepeatedUntilItIsAnswered() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [1])
        client.stored(
            .measured(
                Client.content, needed: ByteCount(5), available: ByteCount(9), device: 1))
        #expect(Self.needs(&client) == 1)
        try client.pass(.seconds(5))
        #expect(Self.needs(&client) == 2, "it is repeated with each proof of life")
        try client.hear(.room(Client.content, taken: .zero, isGranted: true))
        try client.pass(.seconds(5))
        #expect(Self.needs(&client) == 0)
    }

    /// The tracker decides when all contents are measured: if the first of them held up the others,
    /// the job would wait for ever.
    @Test func aContentThatWaitsForRoomHoldsUpNoOther() throws {
        var client = try Client(1, want: "a", "b") { $0.transfersActiveMax = 1 }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [1], peers: [])
        client.step()
        _ = client.drain()
        client.stored(
            .measured(Client.content, needed: ByteCount(5), available: ByteCount(9), device: 1))
        client.step()
        let asksForNext = client.drain().contains { effect in
            if case .send(.tracker(.swarmRequest(_, WantNumber(1), _, _)), _, _) = effect {
                true
            } else {
                false
            }
        }
        #expect(asksForNext)
    }
}
