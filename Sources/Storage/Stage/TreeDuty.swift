package import Content
package import Vocabulary

/// The duty of a rank for a staged content.
package struct TreeDuty: Sendable {
    /// The pieces of its own source that it reads; nil if it reads none.
    package var share: (@Sendable (TreeManifest) -> PieceSet)?
    /// Whether the publisher has another source: pieces read here are served only once they are
    /// known to match.
    package var asksPublisher = false
    /// Whether it sees the source of the content, although other ranks read it.
    package var standsBy = false
    /// Whether no rank has the whole content, and each reads what it has. A copy in place can be
    /// compared with no source then, so it is served by no rank.
    package var isFragment = false
    /// The folder that its copy goes to; nil where it keeps none.
    package var folder: String?
    /// The name of the first top entry at the destination, if it is not its own.
    package var name: RelativePath?

    /// The cache of this user on this node; nil where none is wished, or none can be used.
    package var cache: JobCache?

    /// How the source of this rank is removed after it was collected; nil if it stays.
    package var removal: RemovalTerms?

    /// Set for an archive that travels while it is being read.
    package var early: Early?
    /// Whether it is a part of a tree that is not listed yet. Its copy only helps that of the tree,
    /// so a rank that has no room for it goes without.
    var isPart: Bool { if case .part = early { true } else { false } }

    /// Whether parts of the tree come before it.
    var hasParts: Bool { if case .whole = early { true } else { false } }

    package enum Early: Equatable, Sendable {
        /// `copy` is the place of the copy of the tree, of which some may be there already.
        case part(copy: String?)
        /// The tree, which takes over the files of that number of parts.
        case whole(partCount: Int)
    }

    /// Whether the rank is dead that reads the archive.
    package var isReaderGone: @Sendable () -> Bool = { false }
    /// The place of the source of this content, if it is not that of all contents.
    package var site: SourceSite?

    func source(of manifest: TreeManifest, _ terms: TreeTerms) throws(StorageError) -> TreeSource {
        let sites = site.map { [$0] } ?? terms.sites()
        return try TreeSource(manifest, at: sites, follows: terms.followsLinks)
    }

    /// The pieces that it reads from its source.
    func pieces(of manifest: TreeManifest, reads: Bool = true) -> PieceSet {
        let none = PieceSet(none: manifest.geometry.pieceCount)
        return reads ? share?(manifest) ?? none : none
    }

    /// The pieces in place that have to come again. The publisher of a fragment gets what its
    /// source lacks from the ranks that have it, because its copy may be wrong, and its digests
    /// become the content's.
    func doubted(
        _ inPlace: PieceSet, of manifest: TreeManifest, reads: Bool = true, at rank: Rank
    ) -> PieceSet {
        guard isFragment, manifest.origin.publisher == rank else {
            return PieceSet(none: inPlace.capacity)
        }
        var doubted = inPlace
        doubted.subtract(pieces(of: manifest, reads: reads))
        return doubted
    }

    /// Distinguishes it from the other contents that this rank stages in the same job.
    package var number = 0

    package init() {}

    /// The states of the files of a source, for the cache. A source of this rank's own proves
    /// nothing about the publisher's.
    func states(of source: TreeSource?) -> [FileStamp?] {
        guard let cache, !asksPublisher else { return [] }
        return source?.states(lengthMin: cache.fileByteCountMin) ?? []
    }
}

/// The terms that all contents of a rank share.
package struct TreeTerms: Sendable {
    /// The places of the top entries that this rank may read. Finding them may take long, and is
    /// done by workers.
    package var sites: @Sendable () -> [SourceSite] = { [] }
    package var followsLinks = false
    package var options = PartOptions()
    /// Nothing is fetched: the job only reports what would be.
    package var isDry = false
    /// The copy in place is compared with the publisher's digests, though nothing is fetched.
    package var comparesDry = false
    /// Complete copies are compared with the source, and nothing is written.
    package var isCheck = false
    /// What becomes of entries of the copy that the source lacks.
    package var extras = ExtraTerms()
    /// Nothing is written before the tracker has granted room on this host's disks.
    package var sharesRoom = false
    /// The bytes of recent pieces that are kept in memory for others.
    package var recentByteCountMax = 64 << 20
    /// The number of contents that this rank reads or keeps.
    package var contentCount = 0
    /// Called once all contents have their names. At its end it calls its argument, with nil or
    /// with the reason why the copy counts as failed.
    package var afterNames: (@Sendable (@escaping @Sendable (String?) -> Void) -> Void)?
    /// A warning about a folder that is to take that number of bytes; nil where there is none.
    package var roomWarning: @Sendable (_ folder: String, _ byteCount: Int64) -> String? = { _, _ in
        nil
    }
    /// The sentence of an error.
    package var words: @Sendable (PartError) -> String
    package var lapseWords: @Sendable (PreservedLapse) -> String

    /// No other rank needs what this one reads and keeps.
    var isLone: Bool { options.isOnlyCopy }

    package init(
        words: @escaping @Sendable (PartError) -> String,
        lapseWords: @escaping @Sendable (PreservedLapse) -> String
    ) {
        self.words = words
        self.lapseWords = lapseWords
    }
}
