package import Vocabulary

/// The network of a simulated job, with its clock. It carries encoded messages with latency, and
/// payloads with latency and bandwidth, and knows which endpoints have something to read. All
/// endpoints share it.
package final class SimulatedNetwork {
    var state: NetworkState

    package init(
        contents: [SimulatedContent], links: FairLinks, rankCount: Int, trackerCount: Int = 1,
        latency: Latency, disk: DiskModel = DiskModel(), seed: UInt64, wantedCount: Int = 1
    ) {
        state = NetworkState(
            contents: contents, links: links, rankCount: rankCount, trackerCount: trackerCount,
            latency: latency, disk: disk, seed: seed)
        state.finishes = CompletedContents(rankCount: rankCount, wantedCount: wantedCount)
    }

    package var now: Tick { state.queue.now }
    package var counts: NetworkCounts { state.record.counts }

    /// The same in every process for the same seed.
    package var fingerprint: UInt64 { state.record.fingerprint }

    package func endpoint(of rank: Rank, isUpload: Bool) -> SimulatedEndpoint {
        let place = Int(rank.raw)
        return endpoint(
            isUpload ? state.ends.upload(of: place) : state.ends.download(of: place), of: rank)
    }

    /// The endpoint of the tracker at that rank.
    package func trackerEndpoint(of rank: Rank) -> SimulatedEndpoint {
        endpoint(state.ends.tracker(Int(rank.raw)), of: rank)
    }

    private func endpoint(_ number: UInt32, of rank: Rank) -> SimulatedEndpoint {
        state.endpoints.open(number)
        return SimulatedEndpoint(
            self, rank: rank, rankCount: state.ends.rankCount, number: number)
    }

    /// For measurements of the network alone: delivers the next messages, and returns an endpoint
    /// that has something to read.
    package func nextReader() -> UInt32? {
        var duties: [EventRow] = []
        while !state.endpoints.hasReady {
            guard state.advance(through: .never, duties: &duties) else { return nil }
        }
        return state.endpoints.takeLastReady()
    }
}
