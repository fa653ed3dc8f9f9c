package import Content
package import Vocabulary

/// The order for one rank: for each content, whether it reads it from its own SOURCE, and the place
/// of its copy.
package struct StageOrder: Equatable, Sendable {
    /// The duties, in the order of the contents.
    package var duties: [Duty] = []
    /// The place of the copies of this rank; nil where no copy is kept.
    package var landing: Landing?
    /// The rank of the same node that writes the copy for this one too.
    package var writer: Rank?
    /// The number of this job, and of its first content: the others follow.
    package var job: UInt64 = 0
    /// Other ranks of this host may need the same disk: nothing is written before the room is
    /// granted.
    package var sharesRoom = false
    /// What becomes of entries of the copy that SOURCE lacks.
    package var extras = ExtraEntries.ignored
    /// Entries of SOURCE that are not copied, because they are no file, folder or link. What has
    /// their names in a copy is nothing that SOURCE lacks.
    package var others: [RelativePath] = []
    /// The longest piece of all contents.
    package var pieceLength: Int64 = 1
    /// The ranks that keep copies, in order: every rank may have to report how many are complete.
    package var receivers: [Rank] = []
    /// The sums of files and bytes, for the same report.
    package var fileCount: Int64 = 0
    package var byteCount: Int64 = 0
    /// Set where the source is an archive that is still being read: the last duty is for the whole
    /// tree, and those before it for parts of it that travel meanwhile.
    package var early: EarlyParts?
    /// Nil for ranks that do not track, and for rank 0, which made the plan.
    package var tracking: StageTracking?

    package init() {}

    package struct Duty: Equatable, Sendable {
        /// Nil if this rank reads nothing of the content and receives it.
        package var share: ReadShare?
        /// Whether its source is on a disk that the publisher does not see, so that pieces are
        /// served only when they match those of the publisher.
        package var asksPublisher = false
        /// Whether it sees the publisher's source, and can read pieces that no rank sends any more.
        package var standsBy = false

        /// The place of the copy of this content; nil if this rank keeps none.
        package var landing: Landing?
        /// Whether this rank reads the content, keeps it, or may have to read it.
        package var isWanted: Bool { share != nil || standsBy || landing != nil }

        /// Whether no rank has all of this content, and several have parts of it. No rank can
        /// compare a copy in place with the whole.
        package var isFragment = false
        /// Whether it has parts of a file that no rank has whole, and reads the good ones.
        package var isPartial: Bool { !parts.isEmpty }
        /// The good parts, in order; empty for a file that is read like any other.
        package var parts: [Extent] = []

        package init(share: ReadShare? = nil, asksPublisher: Bool = false) {
            precondition(share != nil || !asksPublisher, "who reads nothing has nothing to ask")
            self.share = share
            self.asksPublisher = asksPublisher
        }
    }
}

/// The parts of a tree that travel while the archive that has it is being read.
package struct EarlyParts: Equatable, Sendable {
    package let count: Int
    /// The rank that reads the archive, and makes the manifests of the parts and of the whole.
    package let reader: Rank

    package init(count: Int, reader: Rank) {
        precondition(count > 0, "an archive is read in parts, or as a whole")
        self.count = count
        self.reader = reader
    }
}

/// The pieces that one of several readers of a source reads: every `count`-th, beginning with
/// `position`.
package struct ReadShare: Equatable, Sendable {
    package let position: Int
    package let count: Int

    package init(position: Int, of count: Int) {
        precondition((0..<count).contains(position), "a share is one of `count`")
        self.position = position
        self.count = count
    }

    package func pieces(of pieceCount: Int) -> PieceSet {
        guard count > 1 else { return PieceSet(all: pieceCount) }
        var pieces = PieceSet(none: pieceCount)
        for piece in stride(from: position, to: pieceCount, by: count) {
            pieces.insert(PieceIndex(piece))
        }
        return pieces
    }
}

/// The place of a copy.
package struct Landing: Equatable, Sendable {
    /// An existing folder, or one that is made.
    package var folder: String
    /// The name that the only source gets there, if it is not its own.
    package var name: RelativePath?

    package init(folder: String, name: RelativePath?) {
        self.folder = folder
        self.name = name
    }
}

/// The names of the contents of a job.
package enum StagedName {
    package static func content(_ number: Int) -> RelativePath {
        do throws(PathError) { return try RelativePath("content-\(number)") } catch {
            preconditionFailure("a word and a number are a name")
        }
    }
}
