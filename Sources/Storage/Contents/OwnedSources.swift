import Content
import Vocabulary

/// The files of one content that a peer owns: the same bytes under one or several names.
struct OwnedSources {
    private var first: ByteSource
    private var others: [RelativePath: ByteSource] = [:]

    /// The number of sources that are tried for one read.
    private static let triesMax = 4

    init(_ source: ByteSource) { first = source }

    /// One of the sources, all of which have the same bytes.
    var any: ByteSource { first }

    /// The sources to try for one read, because some of them may have changed.
    var tries: [ByteSource] { [first] + others.values.prefix(Self.triesMax - 1) }

    mutating func add(_ source: ByteSource) {
        if source.publication.name == first.publication.name {
            first = source
        } else {
            others[source.publication.name] = source
        }
    }

    /// Returns false if that was the last name.
    mutating func remove(_ name: RelativePath) -> Bool {
        guard name == first.publication.name else {
            others[name] = nil
            return true
        }
        guard let next = others.first else { return false }
        others[next.key] = nil
        first = next.value
        return true
    }
}
