/// How an uploader that trades goes on to new receivers while pieces are still being sent to others
/// that it has chosen no more. Whatever was begun is finished in any case.
package enum Handover: String, Sendable, CaseIterable {
    /// New sends begin when old ones have ended: there are never more at once than places.
    case waits
    /// New sends begin beside the old ones, and all of them take longer.
    case overlaps
    /// Whoever is being sent something is chosen again before all others.
    case keeps
}
