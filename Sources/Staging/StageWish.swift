package import Content
package import Vocabulary

/// The options of the command line that concern all ranks.
package struct StageWish: Equatable, Sendable {
    /// The SOURCEs as they were given, and the name of each at the destination.
    package var sources: [String]
    package var names: [RelativePath]
    /// DEST ends with a slash: the sources go into it.
    package var goesInto = false
    /// The time that the job waits for others that stage to its destinations; nil for no limit.
    package var patience: Duration?
    /// Entries that cannot be read are left out, and the rest is copied.
    package var keepsGoing = false
    /// One rank alone reads a source for all, because it also unpacks it or looks for more than it.
    package var hasOneReader = false
    /// Nil allows every rank.
    package var sourceRanks: [Rank]?
    package var receiverRanks: [Rank]?
    /// Which ranks see the same source.
    package var sharing = Sharing.judged
    /// The files of a description: all of them are needed, or no rank begins.
    package var required: [RelativePath] = []
    /// The paths that the command line names singly: each exists at some rank, or no rank begins.
    package var named: [RelativePath] = []
    package var described: Metainfo?
    package var layout = Layout()
    /// The largest number of nodes that read a shared source.
    package var readersMax = 4

    package enum Sharing: Equatable, Sendable {
        /// By the attributes of the file or folder.
        case judged
        /// All ranks, even if its file system seems to differ.
        case assumed
        /// The files of each source are its own, and one rank writes them.
        case collected(Collect)
    }

    /// What `collect` asks for.
    package struct Collect: Equatable, Sendable {
        /// Whether the path of SOURCE names the rank, so that each rank has one of its own.
        package var isOfEachRank = false
        /// The number of ranks that may write at the same time.
        package var writersMax = 1
        /// The ranks that see the destination as rank 0 does, beside rank 0 itself.
        package var ranksThatSee: [Rank] = []

        package init() {}

        /// Ranks of one node share a SOURCE. Ranks of two nodes never do: folders that two nodes
        /// make at the same moment may agree in all that distinguishes folders across nodes.
        func isOne(_ one: SourceProbe, _ other: SourceProbe, onOneNode: Bool) -> Bool {
            !isOfEachRank && onOneNode && one.isSameOnOneHost(as: other)
        }
    }

    /// Permits these ranks to write what is collected, as they see the destination.
    package mutating func write(by ranks: [Rank]) {
        guard case .collected(var collect) = sharing else { return }
        collect.ranksThatSee = ranks
        sharing = .collected(collect)
    }

    /// Nil where every receiver gets a copy of its own.
    package var collecting: Collect? {
        if case .collected(let collect) = sharing { collect } else { nil }
    }

    /// Where the bytes of a description belong.
    package struct Layout: Equatable, Sendable {
        /// The path of each stretch; nil for pads.
        package var paths: [RelativePath?] = []
        package var pieceLength: Int64 = 0
    }

    /// Whether a rank may read a source or is to have a copy.
    func concerns(_ rank: Rank) -> Bool {
        (sourceRanks?.contains(rank) ?? true) || (receiverRanks?.contains(rank) ?? true)
    }

    package init(sources: [String], names: [RelativePath]) {
        precondition(sources.count == names.count, "each source has a name")
        self.sources = sources
        self.names = names
    }
}
