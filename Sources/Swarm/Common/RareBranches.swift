/// How often a downloader took the branches that an ordinary run hardly takes. A campaign of
/// faults in which one of them never fired has shown nothing about it.
package struct RareBranches: Equatable, Sendable {
    /// A source was late and is passed over.
    package internal(set) var snubs = 0
    /// A piece was asked of another source while the first may still bring it.
    package internal(set) var steals = 0
    /// A last piece was asked of a second source.
    package internal(set) var endgames = 0
    /// A piece came after it had been given up, and was of use.
    package internal(set) var lateArrivals = 0
    /// A piece did not verify.
    package internal(set) var badPieces = 0
    /// A source was dropped for good.
    package internal(set) var drops = 0
    package internal(set) var refusals = 0
    package internal(set) var declines = 0
    /// Nobody offered anything, so a source was asked.
    package internal(set) var directRequests = 0
    package internal(set) var stalls = 0
    package internal(set) var losses = 0
    /// The tracker had lost us and let us in again.
    package internal(set) var readmissions = 0
    /// The tracker fell silent, and we went to the next one.
    package internal(set) var moves = 0
    package internal(set) var diskFailures = 0
    /// A piece could not be read back, so that we were no seed any more.
    package internal(set) var withdrawals = 0
    /// No seal had come, or ours is another table, so the publisher's was asked for.
    package internal(set) var tableRequests = 0
    /// A piece that had been verified was not what the publisher's table says.
    package internal(set) var tableLosses = 0
    /// What lies on our disk is not what the publisher has.
    package internal(set) var differences = 0
    /// The publisher said what a part of our own source must be.
    package internal(set) var confirmations = 0
    /// The publisher was gone, and we said what the digests are.
    package internal(set) var successions = 0
    /// The publisher was gone after its seal, and our table was the same.
    package internal(set) var testimonies = 0
    /// A reader was gone, and we read the rest of the source.
    package internal(set) var standIns = 0

    package init() {}

    package var all: [(name: String, count: Int)] {
        [
            ("snub", snubs), ("steal", steals), ("endgame", endgames),
            ("late arrival", lateArrivals), ("bad piece", badPieces), ("drop", drops),
            ("refusal", refusals), ("decline", declines), ("direct request", directRequests),
            ("stall", stalls), ("loss", losses), ("readmission", readmissions),
            ("disk failure", diskFailures), ("withdrawal", withdrawals), ("moved peer", moves),
        ]
    }

    /// What happens only where a content is published while it is read.
    package var ofPublishing: [(name: String, count: Int)] {
        [
            ("table request", tableRequests), ("table loss", tableLosses),
            ("difference", differences), ("confirmation", confirmations),
            ("succession", successions), ("testimony", testimonies), ("stand-in", standIns),
        ]
    }
}
