package import Content
package import Vocabulary

/// Who does what: which contents there are, who reads them, who keeps a copy and where.
package struct StagePlan: Equatable, Sendable {
    package private(set) var contents: [TreeManifest] = []
    package private(set) var orders: [Rank: StageOrder] = [:]

    /// What does not depend on who sees what.
    package struct Terms: Equatable, Sendable {
        /// Nil chooses by the size.
        package var pieceLength: Int64?
        package var digest = DigestAlgorithm.xxh3
        /// Tells this job's contents from those of any other.
        package var job: UInt64

        package init(job: UInt64) { self.job = job }
    }

    /// `listings` has one list of entries for each view.
    package init(
        _ wish: StageWish, surveys: [Rank: Survey], views: [View], listings: [[TreeEntry]],
        _ terms: Terms
    ) throws(StageRefusal) {
        precondition(views.count == listings.count, "each view is listed once")
        let ranks = surveys.keys.sorted()
        let landings = try Self.landings(wish, surveys)
        let receivers = Set(landings.filter { $0.value.landing != nil }.keys)
        var holdings = try Holding.merge(views, listings)
        try Self.check(holdings, wish)
        holdings.sort { $0.views.lexicographicallyPrecedes($1.views) }
        orders = landings
        for holding in holdings {
            var shares: [Rank: (view: Int, share: ReadShare)] = [:]
            for view in holding.views {
                let readers = views[view].readers(
                    surveys, receivers: receivers, atMost: wish.readersMax)
                for (position, reader) in readers.enumerated() where shares[reader] == nil {
                    shares[reader] = (view, ReadShare(position: position, of: readers.count))
                }
            }
            let publisher = shares.keys.min()
            let published = publisher.flatMap { shares[$0]?.view }
            for rank in ranks {
                var duty = StageOrder.Duty()
                if let (view, share) = shares[rank] {
                    duty = StageOrder.Duty(share: share, asksPublisher: view != published)
                }
                // Who keeps no copy would have to read all of it again.
                duty.standsBy =
                    receivers.contains(rank) && duty.share?.count != 1
                    && published.map { views[$0].ranks.contains(rank) } ?? false
                orders[rank]?.duties.append(duty)
            }
            let number = terms.job &+ UInt64(contents.count)
            contents.append(try Self.manifest(holding, publisher, number, terms))
        }
        let pieceLength = contents.map(\.geometry.pieceLength.raw).max() ?? 1
        for rank in ranks {
            orders[rank]?.job = terms.job
            orders[rank]?.pieceLength = pieceLength
        }
    }

    private static func check(
        _ holdings: [Holding], _ wish: StageWish
    ) throws(StageRefusal) {
        guard !wish.required.isEmpty else { return }
        var present: Set<RelativePath> = []
        for holding in holdings { present.formUnion(holding.entries.map(\.path)) }
        let missing = wish.required.filter { !present.contains($0) }
        if let first = missing.first {
            throw .incomplete(path: first, more: missing.count - 1)
        }
    }

    private static func manifest(
        _ holding: Holding, _ publisher: Rank?, _ number: UInt64, _ terms: Terms
    ) throws(StageRefusal) -> TreeManifest {
        guard let publisher else { preconditionFailure("whoever sees a file can read it") }
        let total = holding.entries.reduce(0) { $0 &+ $1.length }
        let length = terms.pieceLength ?? PieceLength.automatic(total: total)
        do throws(TreeFlaw) {
            return try TreeManifest(
                entries: holding.entries, pieceLength: ByteCount(length), digest: terms.digest,
                origin: TreeManifest.Origin(publisher: publisher, job: number))
        } catch { throw .tooMuch }
    }

    /// Where each rank's copy goes. Of the ranks of a node with the same destination one writes.
    private static func landings(
        _ wish: StageWish, _ surveys: [Rank: Survey]
    ) throws(StageRefusal) -> [Rank: StageOrder] {
        let ranks = surveys.keys.sorted()
        let receivers = ranks.filter { wish.receiverRanks?.contains($0) ?? true }
        guard !receivers.isEmpty else { throw .noReceiver }
        let isInto = goesInto(wish, surveys, receivers)
        var orders: [Rank: StageOrder] = [:]
        for rank in ranks { orders[rank] = StageOrder() }
        var writers: [String: [String: Rank]] = [:]
        // Who sees a source copies it from there, so it writes for the others of its node.
        let sighted = receivers.filter { surveys[$0]?.sources.contains { $0 != nil } == true }
        let others = receivers.filter { !sighted.contains($0) }
        for rank in sighted + others {
            guard let survey = surveys[rank] else { continue }
            if let writer = writers[survey.host]?[survey.destination] {
                orders[rank]?.writer = writer
            } else {
                writers[survey.host, default: [:]][survey.destination] = rank
                orders[rank]?.landing = try landing(at: survey.destination, isInto, rank)
            }
        }
        return orders
    }

    private static func goesInto(
        _ wish: StageWish, _ surveys: [Rank: Survey], _ receivers: [Rank]
    ) -> Bool {
        if wish.goesInto || wish.sources.count > 1 { return true }
        let isFolder = surveys.values.contains { $0.sources.first??.isFolder == true }
        return !isFolder && receivers.contains { surveys[$0]?.destinationIsFolder == true }
    }

    private static func landing(
        at destination: String, _ isInto: Bool, _ rank: Rank
    ) throws(StageRefusal) -> Landing {
        guard !isInto else { return Landing(folder: destination, name: nil) }
        let parts = destination.split(separator: "/", omittingEmptySubsequences: true)
        guard let last = parts.last else { throw .rank(rank, "DEST has no name of its own: /") }
        let folder = "/" + parts.dropLast().joined(separator: "/")
        do throws(PathFlaw) {
            return Landing(folder: folder, name: try RelativePath(String(last)))
        } catch { throw .rank(rank, "DEST cannot be called \(last)") }
    }
}
