/// How the neighbours of a member of a large swarm are chosen.
package enum NeighbourChoice: String, Sendable, CaseIterable {
    /// All have nearly as many, and whoever is stalled is told of others.
    case regular
    /// Each is told of half as many at random, and is found by others who were told of it: by few
    /// or by many. The stalled have to wait with those that they know.
    case random
}
