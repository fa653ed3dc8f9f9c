import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Two peers come from a lost tracker: the one that has fetched a content may come before its
/// owner, and no other tracker knows the content.
struct ClaimOrderTests {
    /// Peer 2 owns what peer 3 has fetched, and both lose their tracker. Peer 3 has come to the
    /// next one, and reported it.
    private func job() throws -> Federation {
        var job = Federation(.full(3), peers: 4, homes: [0, 1, 1, 2])
        for number in [1, 4] { try job.list([Group.wanted("a")], from: number) }
        try job.list([Group.owned("a", Group.content)], from: 2)
        try job.list([Group.wanted("a")], from: 3)
        try job.settle()
        job.dead = [1]
        try job.pass(12, alive: [1, 4])
        try job.hear(.join, from: 3, at: 2)
        try job.list([Group.wanted("a")], from: 3, at: 2)
        try job.hear(.fileCompleted(Group.content), from: 3, at: 2)
        try job.settle()
        return job
    }

    private func isSeed(_ number: Int, at tracker: Int, _ job: Federation) throws -> Bool {
        let catalog = job.trackers[tracker].swarms.catalog
        let found = try #require(catalog.index(of: Group.content))
        return catalog[found].isSeed(Rank(job.peer(number)))
    }

    @Test func aClaimingSeedIsKnownWhenTheOwnerComes() throws {
        var job = try job()
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.owned("a", Group.content)], from: 2, at: 2)
        try job.settle()
        #expect(try isSeed(2, at: 2, job) && isSeed(3, at: 2, job))
    }

    /// The owner has gone to another tracker, and a peer there asks for the content.
    @Test func aClaimingSeedIsFoundByAnotherGroupsQuery() throws {
        var job = try job()
        try job.pass(3, alive: [1, 3, 4])
        try job.hear(.join, from: 2, at: 0)
        try job.list([Group.owned("a", Group.content)], from: 2, at: 0)
        try job.settle()
        try job.hear(
            .swarmRequest(Group.content, want: WantNumber(0), by: .content, needsManifest: false),
            from: 1)
        try job.settle()
        #expect(try isSeed(3, at: 2, job))
        try job.pass(3, alive: [1, 2, 3, 4])
        try job.hear(
            .swarmRequest(Group.content, want: WantNumber(0), by: .content, needsManifest: false),
            from: 1)
        try job.settle()
        let catalog = job.trackers[0].swarms.catalog
        let found = try #require(catalog.index(of: Group.content))
        #expect(catalog[found].remote.isSeed(Rank(job.peer(3))))
    }
}
