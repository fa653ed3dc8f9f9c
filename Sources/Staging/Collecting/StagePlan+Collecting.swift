import Content
import Vocabulary

/// The plan of `collect`: each view is a content of its own. The first rank writes all of them, or
/// several ranks that see the same destination write some each.
extension StagePlan {
    mutating func collect(_ listings: [[TreeEntry]], _ input: Input) throws(StageError) {
        let (surveys, views) = (input.surveys, input.views)
        for rank in surveys.keys { orders[rank] = StageOrder() }
        guard let writer = surveys.keys.min(), let survey = surveys[writer] else {
            throw .noReceiver
        }
        let goesInto = Self.goesInto(input.wish, surveys, [writer])
        var landings: [Landing] = []
        for view in views {
            landings.append(
                try Self.landing(of: view, at: survey.destination, goesInto, surveys))
        }
        var paths = CollectedPaths()
        for (view, (listing, landing)) in zip(listings, landings).enumerated() {
            paths.add(listing, at: landing, of: views[view].lister)
        }
        if let conflicts = paths.conflicts { throw .conflicts(conflicts) }
        let sizes = listings.map { $0.reduce(0) { $0 &+ $1.length } }
        let writers =
            input.wish.collecting.map { CollectWriters($0, first: writer, input, sizes: sizes) }
        for rank in writers?.ranks ?? [writer] {
            orders[rank]?.landing = try Self.place(of: survey.destination, goesInto, writer)
        }
        for (view, (listing, landing)) in zip(listings, landings).enumerated() {
            let entries = paths.merged(listing, at: landing)
            let rank = writers?.ofViews[view] ?? writer
            try add(Holding(views: [view], entries: entries), to: [rank: landing], input)
        }
    }

    /// `{host}` and `{rank}` are those of the rank that lists the view.
    private static func landing(
        of view: SharedView, at destination: String, _ goesInto: Bool, _ surveys: [Rank: Survey]
    ) throws(StageError) -> Landing {
        let path = expanded(
            destination, rank: view.lister, host: surveys[view.lister]?.host ?? "")
        return try landing(at: path, goesInto, view.lister)
    }

    /// The place of all copies together: the folder above the first part of the path that is not
    /// the same for all.
    private static func place(
        of destination: String, _ goesInto: Bool, _ writer: Rank
    ) throws(StageError) -> Landing {
        guard let common = StageWish.Collect.commonFolder(of: destination) else {
            return try landing(at: destination, goesInto, writer)
        }
        return Landing(folder: common, name: nil)
    }
}

extension StageWish.Collect {
    /// The part of a path above the first component that has `{rank}` or `{host}` in it; nil if
    /// none has.
    package static func commonFolder(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let first = parts.firstIndex(where: isPattern) else { return nil }
        return "/" + parts[..<first].joined(separator: "/")
    }

    private static func isPattern(_ part: Substring) -> Bool {
        part.contains("{rank}") || part.contains("{host}")
    }
}
