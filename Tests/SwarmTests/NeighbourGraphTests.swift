import Testing
import Vocabulary

@testable import Swarm

/// The neighbours of each member of a large swarm.
struct NeighbourGraphTests {
    /// The neighbours of every member; other ranks have none.
    private static func edges(
        _ graph: NeighbourGraph, degree: Int, of members: [Int]
    ) -> [Int: [Int]] {
        let known = Set(members)
        var edges: [Int: [Int]] = [:]
        for member in members {
            edges[member] = graph.neighbours(of: member, degree: degree) { known.contains($0) }
        }
        return edges
    }

    private static func subset(of size: Int, every: Int) -> [Int] {
        var chance = Chance(seed: 9)
        return (0..<size).filter { _ in chance.below(every) == 0 }
    }

    private static let swarms: [(members: [Int], size: Int)] = [
        (Array(0..<1000), 1000), (subset(of: 1000, every: 3), 1000),
        (subset(of: 1000, every: 10), 1000), (Array(0..<64), 64), (Array(0..<65), 65),
        (subset(of: 4096, every: 5), 4096),
    ]

    @Test(arguments: swarms.indices, [6, 20])
    func everyEdgeIsSeenFromBothEnds(swarm: Int, degree: Int) {
        let (members, size) = Self.swarms[swarm]
        let graph = NeighbourGraph(size: size, seed: 4)
        let edges = Self.edges(graph, degree: degree, of: members)
        for (member, neighbours) in edges {
            #expect(!neighbours.contains(member))
            #expect(Set(neighbours).count == neighbours.count)
            #expect(neighbours.count <= degree)
            #expect(neighbours.allSatisfy { edges[$0]?.contains(member) == true })
        }
    }

    @Test(arguments: [1, 3, 7, 19])
    func oddDegreesAreSymmetricToo(degree: Int) {
        let graph = NeighbourGraph(size: 200, seed: 4)
        let edges = Self.edges(graph, degree: degree, of: Array(0..<200))
        for (member, neighbours) in edges {
            #expect(neighbours.count <= degree)
            #expect(neighbours.allSatisfy { edges[$0]?.contains(member) == true })
        }
    }

    /// Ten rings make twenty edges, less the few that two rings share.
    @Test(arguments: UInt64(0)..<3)
    func degreesAreNearlyEqual(seed: UInt64) {
        for members in [Array(0..<1000), Self.subset(of: 1000, every: 3)] {
            let graph = NeighbourGraph(size: 1000, seed: seed)
            let degrees = Self.edges(graph, degree: 20, of: members).values.map(\.count)
            let mean = Double(degrees.reduce(0, +)) / Double(degrees.count)
            #expect((degrees.min() ?? 0) >= 15, "least of \(members.count): \(degrees.min() ?? 0)")
            #expect((degrees.max() ?? 0) <= 20)
            #expect(mean > (members.count > 500 ? 19.6 : 19))
        }
    }

    @Test(arguments: UInt64(0)..<3)
    func everyMemberIsReached(seed: UInt64) {
        for (members, size) in Self.swarms {
            let graph = NeighbourGraph(size: size, seed: seed)
            let edges = Self.edges(graph, degree: 20, of: members)
            let distances = Self.distances(edges, from: members[0])
            #expect(distances.count == members.count)
            #expect((distances.values.max() ?? 0) <= 4, "a random graph is shallow")
        }
    }

    private static func distances(_ edges: [Int: [Int]], from start: Int) -> [Int: Int] {
        var distances = [start: 0]
        var frontier = [start]
        while !frontier.isEmpty {
            var next: [Int] = []
            for member in frontier {
                for neighbour in edges[member] ?? [] where distances[neighbour] == nil {
                    distances[neighbour] = (distances[member] ?? 0) + 1
                    next.append(neighbour)
                }
            }
            frontier = next
        }
        return distances
    }

    /// A member stands between two others in each ring, and only those notice when it leaves.
    @Test func aDepartureChangesOnlyTheEdgesBesideIt() {
        let graph = NeighbourGraph(size: 1000, seed: 2)
        let members = Self.subset(of: 1000, every: 2)
        let before = Self.edges(graph, degree: 20, of: members)
        for gone in members.prefix(40) {
            let after = Self.edges(graph, degree: 20, of: members.filter { $0 != gone })
            for (member, neighbours) in after {
                let old = before[member] ?? []
                guard old.contains(gone) else {
                    #expect(neighbours == old)
                    continue
                }
                // Each lost edge is replaced by at most one in each ring that it was in.
                let lost = Set(old).subtracting(neighbours)
                #expect(lost == [gone])
                #expect(Set(neighbours).subtracting(old).count <= 2)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 63, 64, 65, 1000])
    func everyRingIsAPermutation(size: Int) {
        let graph = NeighbourGraph(size: size, seed: 31)
        for ring in 0..<4 {
            let positions = (0..<size).map { graph.position(of: $0, ring: ring) }
            #expect(positions.sorted() == Array(0..<size))
            for place in 0..<size {
                #expect(graph.place(at: positions[place], ring: ring) == place)
            }
        }
    }

    @Test func smallSwarmsAreWhole() {
        #expect(NeighbourGraph(size: 1, seed: 1).neighbours(of: 0, degree: 20) { _ in true } == [])
        #expect(NeighbourGraph(size: 2, seed: 1).neighbours(of: 0, degree: 20) { _ in true } == [1])
        let lonely = NeighbourGraph(size: 50, seed: 1).neighbours(of: 7, degree: 20) { $0 == 7 }
        #expect(lonely == [])
    }

    @Test func differentSeedsMakeDifferentGraphs() {
        let all = Array(0..<300)
        let one = Self.edges(NeighbourGraph(size: 300, seed: 1), degree: 20, of: all)
        let same = Self.edges(NeighbourGraph(size: 300, seed: 1), degree: 20, of: all)
        let other = Self.edges(NeighbourGraph(size: 300, seed: 2), degree: 20, of: all)
        #expect(one == same)
        #expect(one.count { $0.value == other[$0.key] } < 3)
    }
}
