/// How a tree is received.
package struct PartOptions: Equatable, Sendable {
    /// Files and links that are different are replaced, and not refused.
    package var overwrites: Bool
    /// Existing files of the right length are read and digested, instead of being believed where
    /// their date agrees.
    package var verifies: Bool
    /// What has its final name survives a power failure.
    package var syncs: Bool
    /// Owners and attributes are set, as far as the entries tell them and the system lets us.
    package var preserves: Bool
    /// It is only asked what is missing: nothing in place is touched.
    package var isDry = false
    /// The source is at hand, and what it says is the truth: what a job before noted and cannot be
    /// believed comes from there again.
    package var rereads: Bool

    /// How long a destination that another job still holds is waited for: the ranks of a job that
    /// was killed outright live on for some milliseconds.
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
