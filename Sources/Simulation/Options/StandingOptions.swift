/// What a standing job has beside the swarm: more contents than the one that all fetch in the end,
/// and how much its users do.
package struct StandingOptions: Sendable {
    /// Contents that come and go. Their owners are drawn.
    package var passing = 2
    /// Whether the first two of them have the same name.
    package var hasRivals = false
    /// Orders of each user before all of them fetch the same.
    package var ordersPerRank = 3

    package init() {}
}
