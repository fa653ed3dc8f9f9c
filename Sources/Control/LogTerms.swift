package import Content
import Vocabulary

/// What is known of a job whose logs are checked: all of it where its two files are at hand, and
/// otherwise what the logs themselves tell.
package struct LogTerms: Equatable, Sendable {
    package var preferredMax: Int?
    package var pieceCount: Int?
    /// In the order of the list, and who had the file; nil where there is no list.
    package var roster: ChokingRoster?

    package init() {}

    package init(_ terms: ChokingTerms, _ roster: ChokingRoster) {
        preferredMax = terms.preferredMax
        pieceCount = terms.geometry.pieceCount
        self.roster = roster
    }
}
