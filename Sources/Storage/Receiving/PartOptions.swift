/// The way in which a tree is received.
package struct PartOptions: Equatable, Sendable {
    /// Whether different files and links are replaced instead of refused.
    package var overwrites: Bool
    /// Whether existing files of the right length are digested instead of being trusted for their
    /// date.
    package var verifies: Bool
    /// What is in place stays there, even if it differs in its bytes alone: it is refused.
    package var keepsExisting = false
    /// No other rank needs the tree.
    package var isOnlyCopy = false
    /// Whether files with a final name survive a power failure.
    package var syncs: Bool
    /// Whether owners and attributes are set, as far as the entries have them and the system
    /// permits.
    package var preserves: Bool
    /// Whether the job only finds out what is missing, and touches nothing.
    package var isDry = false
    /// Whether this rank has the source: pieces whose notes cannot be trusted are then read from
    /// there again.
    package var rereads: Bool

    /// The time to wait for a destination that another job still holds: the ranks of a killed job
    /// live for some milliseconds more.
    package var lockPatience = Duration.zero

    package init(
        overwrites: Bool = false, verifies: Bool = false, syncs: Bool = false,
        preserves: Bool = false, rereads: Bool = false
    ) {
        self.overwrites = overwrites
        self.verifies = verifies
        self.syncs = syncs
        self.preserves = preserves
        self.rereads = rereads
    }
}
