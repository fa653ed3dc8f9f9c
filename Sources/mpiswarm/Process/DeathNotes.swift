import Launch
import MPITransport
import Node
import Vocabulary

/// The deaths that a thread has not processed yet, beginning with all known ones.
struct DeathNotes {
    private let notes = Mailbox<Rank>()
    private var batch: [Rank] = []

    init(_ watch: DeathWatch) { watch.follow { [notes] in notes.put($0) } }

    /// The ranks that have died since the last call.
    mutating func take() -> [Rank] {
        guard notes.empty(into: &batch) else { return [] }
        defer { batch.removeAll(keepingCapacity: true) }
        return batch
    }

    /// Reports new deaths to a tracker. Returns false if there were none.
    mutating func report(to node: inout TrackerNode<MPIEndpoint>, now: Tick) -> Bool {
        let ranks = take()
        for rank in ranks { node.died(rank, now: now) }
        return !ranks.isEmpty
    }
}

extension DeathWatch {
    /// Begins to watch the ranks of this job. Every rank has to call this, before it has any
    /// endpoint.
    static func began(in world: borrowing MPIWorld) throws(LaunchError) -> DeathWatch {
        let watch = DeathWatch(
            rank: world.rank, rankCount: world.rankCount, host: nodeNumber(in: world))
        var posts: [[UInt8]] = []
        for rank in watch.postRanks { posts.append(world.broadcast(watch.post, from: rank)) }
        watch.follow { MPIWorld.forsake($0) }
        try watch.start(posts: posts)
        // A rank that died before the others are connected to it would not be missed: they would
        // wait for it in the next call in which all take part.
        watch.awaitConnections(milliseconds: 2000)
        _ = world.gather(0)
        return watch
    }
}
