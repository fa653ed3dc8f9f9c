import Vocabulary

/// The contents whose sources may be removed once their copies have their final names.
///
/// Invariant: a content counts as named only if the rank that writes its copy has reported that.
struct CollectedContents {
    private let expected: [CollectedContent]
    private var named: Set<ContentID> = []
    /// The contents that have a final table, and whether the rank of the source has reported that
    /// table, too. Otherwise only a rank that took its place has, whose copy may have pieces of an
    /// earlier version of the source.
    private var isVouched: [ContentID: Bool] = [:]
    /// The ranks of sources that have reported another table than the one that counts: the copy
    /// differs from their source.
    private(set) var contradicted: [Rank] = []

    init(_ expected: [CollectedContent]) { self.expected = expected }

    /// Returns false for a report of a rank that does not write the copy.
    mutating func named(_ content: ContentID, by rank: Rank) -> Bool {
        guard expected.contains(where: { $0.content == content && $0.writer == rank }) else {
            return false
        }
        named.insert(content)
        return true
    }

    /// Notes that a rank has reported its final table. `isFinal`: it is the one that counts.
    mutating func sealed(_ content: ContentID, by rank: Rank, isFinal: Bool) {
        guard let row = expected.first(where: { $0.content == content }) else { return }
        isVouched[content] = isVouched[content] == true || isFinal && row.source == rank
        guard row.source == rank, !isFinal, !contradicted.contains(rank) else { return }
        contradicted.append(rank)
    }

    /// Whether a rank may remove its source. `isTrusted` says whether a rank that writes is neither
    /// lost nor expelled.
    func mayRemove(
        _ source: Rank, by rule: SourceRemovalRule, isTrusted: (Rank) -> Bool
    ) -> Bool {
        let own = expected.filter { $0.source == source }
        guard !own.isEmpty else { return false }
        let needed =
            switch rule {
            case .never: [] as [CollectedContent]
            case .forEach: own
            case .together: expected
            }
        return !needed.isEmpty
            && needed.allSatisfy {
                named.contains($0.content) && isTrusted($0.writer)
                    && isVouched[$0.content] != false
            }
    }

    /// Whether all have their final names, except those that this rank writes.
    func areNamed(besidesBy rank: Rank) -> Bool {
        expected.allSatisfy { $0.writer == rank || named.contains($0.content) }
    }

    func checkInvariants() {
        let known = Set(expected.map(\.content))
        precondition(named.isSubset(of: known), "a content has its names and is not collected")
    }
}
