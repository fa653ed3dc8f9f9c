/// The number of times that a downloader took branches which ordinary runs hardly ever take. A
/// fault campaign proves nothing about a branch that it never took.
package struct RareBranches: Equatable, Sendable {
    /// A source was late, and is passed over.
    package internal(set) var snubs = 0
    /// A piece was requested from another source while the first may still send it.
    package internal(set) var steals = 0
    /// A last piece was requested from a second source.
    package internal(set) var endgames = 0
    /// A piece arrived after it had been given up, and was of use.
    package internal(set) var lateArrivals = 0
    /// A piece did not verify.
    package internal(set) var badPieces = 0
    /// A source was dropped for good.
    package internal(set) var drops = 0
    package internal(set) var refusals = 0
    package internal(set) var declines = 0
    /// No source offered anything, so one was asked.
    package internal(set) var directRequests = 0
    package internal(set) var stalls = 0
    package internal(set) var losses = 0
    /// The tracker had lost this rank and let it in again.
    package internal(set) var readmissions = 0
    /// The tracker fell silent, and this rank went to the next one.
    package internal(set) var moves = 0
    package internal(set) var diskFailures = 0
    /// A piece could not be read back, so this rank was no longer a seed.
    package internal(set) var withdrawals = 0
    /// No seal had come, or the table here differed from it, so the publisher's was requested.
    package internal(set) var tableRequests = 0
    /// A piece that had been verified differed from the publisher's table.
    package internal(set) var tableLosses = 0
    /// A file on this rank's disk differs from the publisher's.
    package internal(set) var differences = 0
    /// The publisher's table decided what a part of this rank's source must be.
    package internal(set) var confirmations = 0
    /// The publisher was gone, and this rank took over as publisher.
    package internal(set) var successions = 0
    /// The publisher was gone after its seal, and the table here had the seal's digest.
    package internal(set) var testimonies = 0
    /// A reader was gone, and this rank read the rest of the source.
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

    /// The branches that occur only where a content is published while it is read.
    package var ofPublishing: [(name: String, count: Int)] {
        [
            ("table request", tableRequests), ("table loss", tableLosses),
            ("difference", differences), ("confirmation", confirmations),
            ("succession", successions), ("testimony", testimonies), ("stand-in", standIns),
        ]
    }
}
