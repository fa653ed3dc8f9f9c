package import Content
package import Vocabulary

/// What a rank does for a staged content.
package struct TreeDuty: Sendable {
    /// Which pieces of its own source it reads; nil where it reads none.
    package var share: (@Sendable (TreeManifest) -> PieceSet)?
    /// Whether the publisher has another source: what is read here is served when it is known to be
    /// the same.
    package var asksPublisher = false
    /// Whether its source is where the content comes from, though others read it.
    package var standsBy = false
    /// The folder that its copy goes to; nil where it keeps none.
    package var folder: String?
    /// What the only top name is called there, where that is not its own.
    package var name: RelativePath?

    /// Tells it from what else this rank stages in the same job.
    package var number = 0

    package init() {}
}

/// What is the same for all contents that a rank stages.
package struct TreeTerms: Sendable {
    /// Where the top names lie that this rank may read. It may take long to find out, and is asked
    /// only by workers.
    package var sites: @Sendable () -> [SourceSite] = { [] }
    package var followsLinks = false
    package var options = PartOptions()
    /// It is only asked what would be fetched.
    package var isDry = false
    /// The copy in place is compared with the publisher's digests, though nothing is fetched.
    package var comparesDry = false
    /// Nothing is written before it is settled who of this host has room.
    package var sharesRoom = false
    /// How much of what came last is kept in memory for others.
    package var recentByteCountMax = 64 << 20
    /// What a user is told of an error.
    package var words: @Sendable (PartError) -> String
    package var lapseWords: @Sendable (PreservedLapse) -> String

    package init(
        words: @escaping @Sendable (PartError) -> String,
        lapseWords: @escaping @Sendable (PreservedLapse) -> String
    ) {
        self.words = words
        self.lapseWords = lapseWords
    }
}
