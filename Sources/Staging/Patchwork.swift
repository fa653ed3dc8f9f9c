import Content
import Vocabulary

/// Assembles the pieces of which several ranks have parts that none can verify alone: where the
/// parts of some ranks make a good piece, each of these parts is good.
struct Patchwork {
    private let described: Metainfo
    private let plan: HashPlan
    private let paths: [RelativePath?]
    /// The loose bytes of the ranks, by piece and stretch.
    private var candidates: [Place: [Candidate]] = [:]
    private var found: [Found] = []

    private struct Place: Hashable {
        let piece: Int
        let stretch: Int
    }

    private struct Candidate {
        let bytes: [UInt8]
        var listings: [Int]
    }

    private struct Found {
        let listing: Int
        let path: RelativePath
        let extent: Extent
    }

    /// `paths` has the path of each stretch of the description, or nil for a pad. Nil if no piece
    /// spans several files.
    init?(_ described: Metainfo, paths: [RelativePath?], _ loose: [[LooseBytes]]) {
        guard let plan = described.plan, plan.stretches.count == paths.count else { return nil }
        self.described = described
        self.plan = plan
        self.paths = paths
        for (listing, items) in loose.enumerated() {
            for item in items { take(item, of: listing) }
        }
        guard !candidates.isEmpty else { return nil }
        for (piece, parts) in plan.sharedPieces { judge(piece, parts) }
    }

    private mutating func take(_ item: LooseBytes, of listing: Int) {
        let place = Place(piece: item.piece, stretch: item.stretch)
        var known = candidates[place] ?? []
        if let same = known.firstIndex(where: { $0.bytes == item.bytes }) {
            known[same].listings.append(listing)
        } else {
            known.append(Candidate(bytes: item.bytes, listings: [listing]))
        }
        candidates[place] = known
    }

    private mutating func judge(_ piece: Int, _ parts: [HashPlan.Part]) {
        let choices = parts.map { part in
            (candidates[Place(piece: piece, stretch: part.stretch)] ?? []).filter {
                Int64($0.bytes.count) == part.extent.end - part.extent.start
            }
        }
        guard
            let choice = PieceChoice(
                piece, of: plan, parts, among: choices.map { $0.map(\.bytes) }),
            let chosen = choice.good(by: described)
        else { return }
        for (part, candidate) in zip(parts, zip(choices, chosen)) {
            note(part, candidate.0[candidate.1])
        }
    }

    private mutating func note(_ part: HashPlan.Part, _ candidate: Candidate) {
        guard let path = paths[part.stretch] else { return }
        for listing in candidate.listings {
            found.append(Found(listing: listing, path: path, extent: part.extent))
        }
    }

    /// The listings, with the parts that were found to be good.
    func mended(_ listings: [[TreeEntry]]) -> [[TreeEntry]] {
        var listings = listings
        for item in found {
            guard
                let place = listings[item.listing].firstIndex(where: { $0.path == item.path }),
                case .file(let length, let extents) = listings[item.listing][place].body,
                item.extent.end <= length
            else { continue }
            let entry = listings[item.listing][place]
            listings[item.listing][place] = TreeEntry(
                path: entry.path,
                body: .file(length: length, extents: Extent.joined(extents + [item.extent])),
                mode: entry.mode, modified: entry.modified)
        }
        return listings
    }
}
