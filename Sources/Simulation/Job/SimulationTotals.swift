/// The work that a run took.
package struct SimulationTotals: Sendable {
    package let eventCount: UInt64
    /// Steps of nodes.
    package let stepCount: UInt64
    /// The number of times that the shares of links were computed.
    package let linkUpdates: UInt64
}
