import Content
import Vocabulary
import Wire

/// The lists of sources, as ranks send them.
extension StageCoordinator {
    func lists() throws(StageError) -> [[TreeEntry]] {
        var lists: [[TreeEntry]] = []
        var loose: [[LooseBytes]] = []
        for (view, listing) in zip(views, listings) {
            var bytes = listing.bytes
            if wish.described != nil {
                do throws(WireError) {
                    let list = try DescribedList.parsing(bytes)
                    bytes = list.tree
                    loose.append(list.loose)
                } catch { throw .badListing(view.lister) }
            }
            lists.append(try Self.entries(bytes, from: view.lister))
        }
        guard let described = wish.described,
            let patchwork = Patchwork(described, paths: wish.layout.paths, loose)
        else { return lists }
        return patchwork.mended(lists)
    }

    /// The terms of the plan, after the lists are known. An entry that could not be listed would
    /// look like one that no source has.
    func terms(for lists: [[TreeEntry]]) throws(StageError) -> StagePlan.Terms {
        var terms = terms
        let hasFolder = surveys.values.contains { survey in
            survey.sources.contains { $0?.isFolder == true }
        }
        if terms.extras == .removed {
            guard hasFolder else { throw .noFolder }
            try demandEntries(in: lists)
        }
        guard hasFolder, doubt == nil else {
            terms.extras = .ignored
            return terms
        }
        terms.others = Set(leftOut.filter { $0.reason == .special }.flatMap(\.names)).sorted()
        return terms
    }

    /// The paths that the command line names and no list has. What is collected need not have the
    /// same top name at all ranks.
    func missing(in lists: [[TreeEntry]]) -> [RelativePath] {
        let isBelow = wish.collecting != nil
        var known = Set(lists.joined().map { isBelow ? $0.path.belowTop : $0.path })
        for found in leftOut { known.formUnion(found.names.map { isBelow ? $0.belowTop : $0 }) }
        return wish.named.filter { !known.contains(isBelow ? $0.belowTop : $0) }
    }

    /// A source without a single entry is more likely to be missing than empty.
    private func demandEntries(in lists: [[TreeEntry]]) throws(StageError) {
        for (name, source) in zip(wish.names, wish.sources) {
            let entries = lists.joined().filter { $0.path.utf8.starts(with: name.utf8) }
            let below = name.utf8 + [UInt8(ascii: "/")]
            guard entries.contains(where: { $0.path == name && $0.body == .folder }),
                !entries.contains(where: { $0.path.utf8.starts(with: below) })
            else { continue }
            throw .empty(source: source)
        }
    }

    /// Nil if all entries of the sources are known.
    package var doubt: ExtrasDoubt? {
        if let lost { return .lost(lost) }
        for found in leftOut {
            switch found.reason {
            case .excluded, .linkedStatically: continue
            case .special: if found.names.count < found.count { return .special }
            case .unreadable, .missing: return .unreadable
            }
        }
        return nil
    }

    /// A list travels as the description of a tree, whose header distinguishes it from an error; an
    /// error is a text of the lister.
    static func entries(
        _ bytes: [UInt8], from rank: Rank
    ) throws(StageError) -> [TreeEntry] {
        do throws(TreeError) {
            return try unsafe TreeManifest(parsing: bytes.span.bytes).entries
        } catch .notATree {
            guard let words = String(validating: bytes, as: UTF8.self), !words.isEmpty else {
                throw .badListing(rank)
            }
            throw .rank(rank, words)
        } catch { throw .badListing(rank) }
    }
}
