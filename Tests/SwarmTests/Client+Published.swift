import Swarm
import Vocabulary
import Wire

extension Client {
    /// A client of a publisher that has everything: the digests travel with the pieces.
    static func published(
        by publisher: Int32, heirs: [Rank] = [],
        _ change: (inout OpenedContent) -> Void = { _ in }
    ) throws -> Client {
        var client = try Client(3) { $0.heirs = heirs }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [publisher])
        client.open {
            $0.publisher = Rank(publisher)
            change(&$0)
        }
        return client
    }
}
