package import Vocabulary
package import Wire

/// What a tracker wants done.
package enum TrackerEffect: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    case warn(TrackerWarning)
    /// Everybody has left or is lost: the account is final.
    case over
}

/// What rank 0 should tell its user, though the job goes on.
package enum TrackerWarning: Equatable, Sendable {
    /// These ranks own different contents under one name; the first one's is served.
    case disagreement(RelativePath, owners: [Rank])
    /// Nothing was heard of this rank for a lease.
    case lost(Rank)
    /// This rank is dead.
    case died(Rank)
    /// A lost rank spoke again.
    case returned(Rank)
    /// These trackers live, and no query reaches them any more.
    case parted([Rank])
    /// What this rank says of its own, and goes on.
    case noted(Rank, String)
    /// This rank is not believed any more by that one, which was the first to say so.
    case accused(Rank, Complaint, by: Rank)
}
