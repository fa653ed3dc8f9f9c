/// The command whose job is simulated.
package enum SimulatedJobKind: String, Sendable, CaseIterable {
    /// Owners know the digests before the job begins, as in `run`.
    case batch = "run"
    /// Rank 0 makes a plan, and the source is published while it is read, as in `stage`.
    case staged = "stage"
    /// Users share, fetch, join and leave while it runs, as in `serve`.
    case standing = "serve"
}
