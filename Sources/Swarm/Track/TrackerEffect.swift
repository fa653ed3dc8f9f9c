package import Vocabulary
package import Wire

/// An action that a tracker asks for.
package typealias TrackerEffect = NetworkEffect<TrackerOrder>

/// What a tracker asks of the program.
package enum TrackerOrder: Equatable, Sendable {
    case warn(TrackerWarning)
    /// All peers have left or are lost: the accounts are final.
    case over
}

/// A warning that rank 0 should print, although the job continues.
package enum TrackerWarning: Equatable, Sendable {
    /// These ranks own different contents under one name; the content of the first one is served.
    case disagreement(RelativePath, owners: [Rank])
    /// This rank was silent for a lease.
    case lost(Rank)
    /// This rank lives, and has not answered for a lease.
    case unresponsive(Rank)
    /// The death of this rank is certain.
    case died(Rank)
    /// A lost rank has sent a message again.
    case returned(Rank)
    /// No query reaches these trackers any more, though they live.
    case parted([Rank])
    /// The text of a warning of this rank about itself.
    case noted(Rank, String)
    /// This rank sends wrong messages or pieces; `by` was the first rank to report it.
    case accused(Rank, Complaint, by: Rank)
}
