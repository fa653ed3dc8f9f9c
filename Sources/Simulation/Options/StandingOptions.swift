/// The further settings of a standing job: contents besides the one that all ranks fetch in the
/// end, and the orders of its users.
package struct StandingOptions: Sendable {
    /// Contents that come and go. The seed chooses their owners.
    package var passing = 2
    /// Whether the first two of them have the same name.
    package var hasRivals = false
    /// Orders of each user before all ranks fetch the same content.
    package var ordersPerRank = 3

    package init() {}
}
