package import Content
package import Vocabulary

/// The plan of a job: its contents, the ranks that read each of them, the ranks that keep copies,
/// and the places of the copies.
package struct StagePlan: Equatable, Sendable {
    package internal(set) var contents: [TreeManifest] = []
    package internal(set) var orders: [Rank: StageOrder] = [:]
    /// The ranks of each node that keep copies, if the copies may fit its disks singly and not
    /// together.
    package internal(set) var roomGroups: [[Rank]] = []

    /// The number of the first content.
    package internal(set) var job: UInt64 = 0
    /// Set where the contents are made known while their source is being read.
    package internal(set) var early: EarlyParts?

    package init() {}

    /// The number of contents for which a rank needs room.
    package var roomContentCount: Int { early == nil ? contents.count : 1 }

    package var total: ByteCount {
        contents.reduce(.zero) { $0 + $1.geometry.total }
    }

    package var fileCount: Int {
        contents.reduce(0) { sum, content in
            sum + content.entries.count { if case .file = $0.body { true } else { false } }
        }
    }

    /// The ranks that were not heard in time.
    package func unordered(of rankCount: Int) -> [Rank] {
        (0..<rankCount).map { Rank(Int32($0)) }.filter { orders[$0] == nil }
    }

    /// The facts that do not depend on the surveys.
    package struct Terms: Equatable, Sendable {
        /// Nil chooses by the size.
        package var pieceLength: Int64?
        package var digest = DigestAlgorithm.xxh3
        /// Distinguishes the contents of this job from those of any other.
        package var job: UInt64
        /// The number of trackers, which are the first ranks.
        package var trackerCount = 1
        /// What becomes of entries of the copies that the sources lack.
        package var extras = ExtraEntries.counted
        /// Entries of the sources that are no file, folder or link.
        package var others: [RelativePath] = []
        /// The end of the name of the folder of libraries beside a copy; nil if none are copied.
        package var librarySuffix: String?

        package init(job: UInt64) { self.job = job }
    }

    /// The values from which a plan is made.
    struct Input {
        let wish: StageWish
        let surveys: [Rank: Survey]
        let views: [SharedView]
        let terms: Terms
    }

    /// `listings` has one list of entries for each view.
    package init(
        _ wish: StageWish, surveys: [Rank: Survey], views: [SharedView], listings: [[TreeEntry]],
        _ terms: Terms
    ) throws(StageError) {
        precondition(views.count == listings.count, "each view is listed once")
        let input = Input(wish: wish, surveys: surveys, views: views, terms: terms)
        if wish.collecting != nil {
            try collect(listings, input)
        } else {
            try distribute(listings, input)
        }
        finish(input)
    }

    /// Completes the orders with what depends on all contents.
    mutating func finish(_ input: Input) {
        let (surveys, terms) = (input.surveys, input.terms)
        job = terms.job
        let (fileCount, byteCount) = (Int64(fileCount), total.raw)
        let pieceLength = contents.map(\.geometry.pieceLength.raw).max()
        let receivers = orders.filter { $0.value.landing != nil }.keys.sorted()
        let ranks = surveys.keys.sorted()
        for rank in ranks {
            orders[rank]?.adopt(terms)
            if let pieceLength { orders[rank]?.pieceLength = pieceLength }
            orders[rank]?.receivers = receivers
            orders[rank]?.fileCount = fileCount
            orders[rank]?.byteCount = byteCount
        }
        shareRooms(input)
        let tracking = StageTracking(roomGroups: roomGroups)
        for rank in ranks where rank > .first && rank.raw < Int32(terms.trackerCount) {
            orders[rank]?.tracking = tracking
        }
    }

    /// Every receiver gets a copy of everything.
    private mutating func distribute(
        _ listings: [[TreeEntry]], _ input: Input
    ) throws(StageError) {
        let (wish, views) = (input.wish, input.views)
        orders = try Self.landings(wish, input.surveys)
        try Self.checkLibraries(wish, input.terms, orders, listings)
        let landings = orders.compactMapValues(\.landing)
        let (whole, fragments) =
            wish.required.isEmpty ? (listings, []) : Fragment.split(listings)
        var holdings = try Holding.merge(views, whole)
        try Self.check(holdings, fragments, wish)
        holdings.sort { $0.views.lexicographicallyPrecedes($1.views) }
        for holding in holdings { try add(holding, to: landings, input) }
        for fragment in fragments { try add(fragment, to: landings, input) }
    }

    /// `landings` are the places of the copies, by the ranks that keep them.
    mutating func add(
        _ holding: Holding, to landings: [Rank: Landing], _ input: Input
    ) throws(StageError) {
        let receivers = Set(landings.keys)
        let readers = Self.readers(holding, input, receivers)
        let publisher = readers.keys.min()
        let published = publisher.flatMap { readers[$0]?.view }
        let standIns = published.map {
            Self.standIns(input.views[$0], readers.mapValues(\.share), receivers, input.surveys)
        }
        for rank in input.surveys.keys.sorted() {
            var duty = StageOrder.Duty()
            if let (view, share) = readers[rank] {
                duty = StageOrder.Duty(share: share, asksPublisher: view != published)
            }
            duty.standsBy = standIns?.contains(rank) ?? false
            duty.landing = landings[rank]
            orders[rank]?.duties.append(duty)
        }
        let total = holding.entries.reduce(0) { $0 &+ $1.length }
        let terms = input.terms
        try add(
            holding.entries, publisher, terms,
            pieceLength: terms.pieceLength ?? PieceLength.automatic(total: total))
    }

    private mutating func shareRooms(_ input: Input) {
        let surveys = input.surveys
        // Each source of `collect` is measured when its turn comes: a thousand part folders would
        // be open at once otherwise.
        guard input.wish.collecting == nil else { return }
        var nodes: [UInt64: Int] = [:]
        var groups: [[Rank]] = []
        for rank in surveys.keys.sorted() {
            guard orders[rank]?.landing != nil, let node = surveys[rank]?.node else { continue }
            let place = nodes[node] ?? groups.count
            if place == groups.count { groups.append([]) }
            nodes[node] = place
            groups[place].append(rank)
        }
        roomGroups = groups.filter { $0.count > 1 || contents.count > 1 }
        for rank in roomGroups.joined() { orders[rank]?.sharesRoom = true }
    }

    /// The ranks that read the holding, with their parts and the view through which they read.
    static func readers(
        _ holding: Holding, _ input: Input, _ receivers: Set<Rank>
    ) -> [Rank: (view: Int, share: ReadShare)] {
        let wish = input.wish
        var shares: [Rank: (view: Int, share: ReadShare)] = [:]
        // A rank that reads a described file tests all of it first, which is the same work for
        // each reader.
        let readersMax = wish.described == nil && !wish.hasOneReader ? wish.readersMax : 1
        for view in holding.views {
            let readers = input.views[view].readers(
                input.surveys, receivers: receivers, atMost: readersMax)
            for (position, reader) in readers.enumerated() where shares[reader] == nil {
                shares[reader] = (view, ReadShare(position: position, of: readers.count))
            }
        }
        return shares
    }

    /// The lister of a view knows the good parts. Only a receiver has the whole file in the end,
    /// and can publish its digests.
    private mutating func add(
        _ fragment: Fragment, to landings: [Rank: Landing], _ input: Input
    ) throws(StageError) {
        let (wish, terms) = (input.wish, input.terms)
        var readers: [Rank: [Extent]] = [:]
        for holder in fragment.holders { readers[input.views[holder.view].lister] = holder.parts }
        for rank in orders.keys {
            var duty = StageOrder.Duty()
            if let parts = readers[rank] {
                duty = StageOrder.Duty(share: ReadShare(position: 0, of: 1))
                duty.parts = parts
            }
            duty.isFragment = true
            duty.landing = landings[rank]
            orders[rank]?.duties.append(duty)
        }
        let receivers = Set(landings.keys)
        let publisher = receivers.intersection(readers.keys).min() ?? receivers.min()
        for length in fragment.pieceLengths(described: wish.layout.pieceLength) {
            let made = try content(fragment.entries, publisher, terms, pieceLength: length)
            if fragment.isComplete(made) { return contents.append(made) }
        }
        throw .incomplete(path: fragment.path, more: 0)
    }

    private static func check(
        _ holdings: [Holding], _ fragments: [Fragment], _ wish: StageWish
    ) throws(StageError) {
        guard !wish.required.isEmpty else { return }
        var present = Set(fragments.map(\.path))
        for holding in holdings { present.formUnion(holding.entries.map(\.path)) }
        let missing = wish.required.filter { !present.contains($0) }
        if let first = missing.first {
            throw .incomplete(path: first, more: missing.count - 1)
        }
    }

    private mutating func add(
        _ entries: [TreeEntry], _ publisher: Rank?, _ terms: Terms, pieceLength: Int64
    ) throws(StageError) {
        contents.append(try content(entries, publisher, terms, pieceLength: pieceLength))
    }

    private func content(
        _ entries: [TreeEntry], _ publisher: Rank?, _ terms: Terms, pieceLength: Int64
    ) throws(StageError) -> TreeManifest {
        guard let publisher else { preconditionFailure("whoever sees a file can read it") }
        let number = terms.job &+ UInt64(contents.count)
        do throws(TreeError) {
            return try TreeManifest(
                entries: entries, pieceLength: ByteCount(pieceLength), digest: terms.digest,
                origin: TreeManifest.Origin(publisher: publisher, job: number))
        } catch { throw .tooMuch }
    }

    /// The place of the copy of each rank. Among ranks of one node with the same destination, one
    /// writes for all.
    static func landings(
        _ wish: StageWish, _ surveys: [Rank: Survey]
    ) throws(StageError) -> [Rank: StageOrder] {
        let ranks = surveys.keys.sorted()
        let receivers = ranks.filter { wish.receiverRanks?.contains($0) ?? true }
        guard !receivers.isEmpty else { throw .noReceiver }
        let isInto = goesInto(wish, surveys, receivers)
        var orders: [Rank: StageOrder] = [:]
        for rank in ranks { orders[rank] = StageOrder() }
        var writers: [UInt64: [String: Rank]] = [:]
        // A rank that sees a source copies from there, so it writes for the others of its node.
        let sighted = receivers.filter { surveys[$0]?.sources.contains { $0 != nil } == true }
        let others = receivers.filter { !sighted.contains($0) }
        for rank in sighted + others {
            guard let survey = surveys[rank] else { continue }
            if let writer = writers[survey.node]?[survey.destination] {
                orders[rank]?.writer = writer
            } else {
                writers[survey.node, default: [:]][survey.destination] = rank
                orders[rank]?.landing = try landing(at: survey.destination, isInto, rank)
            }
        }
        return orders
    }

    static func goesInto(
        _ wish: StageWish, _ surveys: [Rank: Survey], _ receivers: [Rank]
    ) -> Bool {
        if wish.goesInto || wish.sources.count > 1 { return true }
        let isFolder = surveys.values.contains { $0.sources.first??.isFolder == true }
        return !isFolder && receivers.contains { surveys[$0]?.destinationIsFolder == true }
    }

    static func landing(
        at destination: String, _ isInto: Bool, _ rank: Rank
    ) throws(StageError) -> Landing {
        guard !isInto else { return Landing(folder: destination, name: nil) }
        let parts = destination.split(separator: "/", omittingEmptySubsequences: true)
        guard let last = parts.last else { throw .rank(rank, "DEST has no name of its own: /") }
        let folder = "/" + parts.dropLast().joined(separator: "/")
        do throws(PathError) {
            return Landing(folder: folder, name: try RelativePath(bytes: Array(last.utf8)))
        } catch { throw .rank(rank, "DEST cannot be called \(last)") }
    }
}

extension StageOrder {
    fileprivate mutating func adopt(_ terms: StagePlan.Terms) {
        job = terms.job
        extras = terms.extras
        others = terms.others
    }
}
