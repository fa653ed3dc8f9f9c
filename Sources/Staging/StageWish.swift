package import Content
package import Vocabulary

/// What the command line asks for, as far as it is a matter of all ranks.
package struct StageWish: Equatable, Sendable {
    /// The SOURCEs as they were given, and what each is called where it arrives.
    package var sources: [String]
    package var names: [RelativePath]
    /// DEST ends with a slash: whatever comes goes into it.
    package var goesInto = false
    /// How long the job waits for others that stage to its destinations; nil for as long as it
    /// takes.
    package var patience: Duration?
    /// Entries that cannot be read are left out, and the rest is copied.
    package var keepsGoing = false
    /// Nil allows every rank.
    package var sourceRanks: [Rank]?
    package var receiverRanks: [Rank]?
    /// All ranks see the same source, whatever its file system says.
    package var isShared = false
    /// Where a description says what there is: all files of it, or nobody begins.
    package var required: [RelativePath] = []
    package var described: Metainfo?
    /// Where each stretch of it belongs; pads belong nowhere.
    package var describedPaths: [RelativePath?] = []
    /// How long its pieces are there.
    package var describedPieceLength: Int64 = 0
    /// Nodes that read a shared source at most.
    package var readersMax = 4

    package init(sources: [String], names: [RelativePath]) {
        precondition(sources.count == names.count, "each source has a name")
        self.sources = sources
        self.names = names
    }
}
