/// The least time that a job can take.
package struct SimulationBound: Sendable {
    /// The time before which no run can end.
    package let all: Duration
    /// The bound of a job without slow links.
    package let withoutSlow: Duration
}
