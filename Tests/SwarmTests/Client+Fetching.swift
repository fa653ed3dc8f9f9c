import Vocabulary
import Wire

@testable import Swarm

extension Client {
    /// Wants `a` and `b`, and fetches the two pieces of `a` from rank 1.
    static func fetchingFirst(
        rules change: (inout DownloaderRules) -> Void = { _ in }
    ) throws -> Client {
        var client = try Client(2, want: "a", "b", rules: change)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.step()
        try client.swarm(seeds: [1], peers: [])
        client.open()
        try client.bitfield("##", from: 1)
        return client
    }
}
