import Vocabulary

/// The contents of a job, and the digest tables of those that are published while they are read.
struct ContentTable {
    private(set) var contents: [SimulatedContent]
    private(set) var published: [PublishedTable] = []
    /// The contents that no rank has whole: a copy in place is not theirs before it is proven.
    private var fragments: [ContentID] = []

    init(_ contents: [SimulatedContent]) { self.contents = contents }

    mutating func add(_ content: SimulatedContent) { contents.append(content) }

    func geometry(of content: ContentID) -> Geometry? {
        contents.first { $0.content == content }?.geometry
    }

    /// Nil for labels too, which are never on a disk: a label is only a number.
    func geometryOfBytes(_ content: ContentID) -> Geometry? {
        geometry(of: content).flatMap { $0.carriesBytes ? $0 : nil }
    }

    mutating func noteFragment(_ content: ContentID) {
        if !fragments.contains(content) { fragments.append(content) }
    }

    /// Whether all pieces on a disk make a copy before a rank has finished it: the manifest has the
    /// digests, or pieces in place are believed.
    func isProvenFromStart(_ content: ContentID) -> Bool {
        published.isEmpty && !fragments.contains(content)
    }

    mutating func publish(_ table: PublishedTable) { published.append(table) }

    /// A table is the publisher's when the publisher reports it, or when a rank that was asked for
    /// it reports that it has the same one.
    mutating func seal(_ content: ContentID, _ digest: PieceDigest?) {
        for place in published.indices
        where published[place].content == content && published[place].tableDigest == digest {
            published[place].isSealed = true
        }
    }

    func sealedTables(of content: ContentID) -> [PublishedTable] {
        published.filter { $0.content == content && $0.isSealed }
    }

    /// Whether a disk has the content as it was sealed, where it was. A rank that trusts pieces of
    /// an earlier version in place has a copy, but not that one.
    func isAsSealed(_ content: ContentID, at disk: SimulatedDisk) -> Bool {
        let sealed = sealedTables(of: content)
        return sealed.isEmpty || sealed.contains { $0.isTable(of: disk) }
    }
}
