/// The way in which a tree is received.
package struct PartOptions: Equatable, Sendable {
    /// Files and links that are different are replaced, and not refused.
    package var overwrites: Bool
    /// Existing files of the right length are read and digested, instead of being believed where
    /// their date agrees.
    package var verifies: Bool
    /// Whether files with a final name survive a power failure.
    package var syncs: Bool
    /// Whether owners and attributes are set, as far as the entries have them and the system
    /// permits.
    package var preserves: Bool
    /// It is only asked what is missing: nothing in place is touched.
    package var isDry = false
    /// Whether the source is at hand and decides: notes of an earlier job that cannot be believed
    /// are read from there again.
    package var rereads: Bool

    /// The time to wait for a destination that another job still holds: the ranks of a killed job
    /// live on for some milliseconds.
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
