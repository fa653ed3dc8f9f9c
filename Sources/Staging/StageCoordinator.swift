import Content
package import Swarm
package import Vocabulary
package import Wire

/// The work of rank 0 before a job begins: it collects the survey of every rank, has the sources
/// listed, and sends every rank its order.
///
///     surveying → listing → claiming → over
///
/// A rank that is silent for a lease is left out, and the tracker will count it as lost. The same
/// holds for one that lives and has not answered after a lease, except that a list may take long.
/// Invariant: orders are sent once, to all ranks that were heard, and only when there is a plan or
/// a refusal.
package struct StageCoordinator {
    package enum Stage: Equatable, Sendable {
        case surveying, listing, claiming, over
    }

    package internal(set) var stage = Stage.surveying
    /// The plan; nil until it is over.
    package internal(set) var plan: StagePlan?
    package private(set) var refusal: StageError?
    package private(set) var surveys: [Rank: Survey] = [:]
    /// The entries that the lists leave out, each once: many ranks may list the same.
    package private(set) var leftOut: [LeftOut] = []
    /// The first rank that listed something it may not read.
    private var barred: Rank?
    /// The destination that the job waits for first; nil where all were free.
    package internal(set) var waitsFor: Taken?
    var waitsSince: Tick?
    var claims = Claims([], after: 0)
    var chance: Chance
    let wish: StageWish
    let terms: StagePlan.Terms
    package let lease: Duration
    private var rows: [Row]
    var views: [SharedView] = []
    var listings: [PageCollector] = []

    private struct Row {
        var survey = PageCollector()
        var heardAt: Tick
        /// The last message that was more than a proof of life.
        var answeredAt: Tick
        var isLost = false
        var isUnresponsive = false
    }

    package init(
        _ wish: StageWish, _ terms: StagePlan.Terms, rankCount: Int,
        lease: Duration = .seconds(10), now: Tick, effects: inout Effects<StageCoordinatorEffect>
    ) {
        self.wish = wish
        self.terms = terms
        chance = Chance(seed: terms.job)
        self.lease = lease
        rows = (0..<rankCount).map { _ in Row(heardAt: now, answeredAt: now) }
        effects.append(.wake(at: now + lease / 4))
    }

    package mutating func received(
        _ message: TrackerMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<StageCoordinatorEffect>
    ) throws(WireError) {
        guard Int(rank.raw) < rows.count else { throw .malformed }
        rows[Int(rank.raw)].heardAt = now
        if message != .alive { rows[Int(rank.raw)].answeredAt = now }
        switch message {
        case .alive: effects.append(.send(.download(.aliveAck), .none, to: rank))
        case .survey(let page, let isLast):
            do throws(WireError) {
                try surveyed(rank, tail, page: page, isLast: isLast)
            } catch {
                // The rank lives, but will send nothing better.
                lose(rank)
                advance(&effects)
                throw error
            }
        case .listing(let source, let page, let isLast):
            do throws(WireError) {
                try listed(rank, Int(source), tail, page: page, isLast: isLast)
            } catch {
                lose(rank)
                advance(&effects)
                throw error
            }
        case .claimed(let number, let isFree, let place):
            claimed(rank, number, isFree: isFree, place: place, now: now, &effects)
        case .leftOut(let source, let count):
            guard view(of: Int(source), listedBy: rank) != nil else { break }
            let found = try LeftOut(count: count, parsing: tail)
            note(found, from: rank)
        // A rank that has its order already joins, and will do so again.
        default: break
        }
        advance(&effects)
    }

    /// The death is certain, so the end of the lease is not awaited.
    package mutating func died(_ rank: Rank, effects: inout Effects<StageCoordinatorEffect>) {
        guard Int(rank.raw) < rows.count, !rows[Int(rank.raw)].isLost else { return }
        lose(rank)
        advance(&effects)
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<StageCoordinatorEffect>) {
        guard stage != .over else { return }
        claims.noteTime(now)
        for index in rows.indices where !rows[index].isLost && isAwaited(index) {
            let isSilent = now - rows[index].heardAt >= lease
            guard isSilent || isOverdue(index, now: now) else { continue }
            rows[index].isUnresponsive = !isSilent
            lose(Rank(Int32(index)))
        }
        advance(&effects)
        claimAgain(now: now, &effects)
        wakeForClaims(&effects)
        effects.append(.wake(at: now + lease / 4))
    }

    /// This process was stopped for `gap`, so the silence of the others in that time proves
    /// nothing: their messages are still in the queue.
    package mutating func stoodStill(for gap: Duration) {
        for index in rows.indices {
            rows[index].heardAt = rows[index].heardAt + gap
            rows[index].answeredAt = rows[index].answeredAt + gap
        }
        claims.excuse(gap)
    }

    private mutating func lose(_ rank: Rank) {
        guard stage != .over else { return }
        rows[Int(rank.raw)].isLost = true
        surveys[rank] = nil
        // If the lister is gone, another rank of its view lists instead, or another view.
        if stage == .listing || stage == .claiming { stage = .surveying }
    }

    /// The first rank that was lost before there was a plan.
    var lost: Rank? { rows.firstIndex(where: \.isLost).map { Rank(Int32($0)) } }

    private func isAwaited(_ index: Int) -> Bool {
        switch stage {
        case .surveying: !rows[index].survey.isComplete
        case .listing: views.contains { $0.lister.raw == Int32(index) }
        case .claiming: claims.awaited.contains(Rank(Int32(index)))
        case .over: false
        }
    }

    /// Surveys are sent before anything else, and claims are answered before the next proof of
    /// life.
    private func isOverdue(_ index: Int, now: Tick) -> Bool {
        switch stage {
        case .surveying: now - rows[index].answeredAt >= lease
        case .claiming: claims.isOverdue(now: now, after: lease)
        case .listing, .over: false
        }
    }

    /// The ranks that were left out although they live.
    package var unresponsive: [Rank] {
        rows.indices.filter { rows[$0].isUnresponsive }.map { Rank(Int32($0)) }
    }

    private mutating func surveyed(
        _ rank: Rank, _ tail: RawSpan, page: UInt32, isLast: Bool
    ) throws(WireError) {
        guard stage == .surveying, !rows[Int(rank.raw)].isLost else { return }
        try rows[Int(rank.raw)].survey.add(tail, page: page, isLast: isLast)
        guard isLast else { return }
        let bytes = rows[Int(rank.raw)].survey.bytes
        let survey = try unsafe Survey(parsing: bytes.span.bytes)
        guard survey.sources.count == wish.sources.count else { throw .malformed }
        surveys[rank] = survey
    }

    private mutating func listed(
        _ rank: Rank, _ source: Int, _ tail: RawSpan, page: UInt32, isLast: Bool
    ) throws(WireError) {
        guard let view = view(of: source, listedBy: rank) else { return }
        try listings[view].add(tail, page: page, isLast: isLast)
    }

    private mutating func note(_ found: LeftOut, from rank: Rank) {
        // A list has one row for each reason.
        guard !leftOut.contains(found), leftOut.count < views.count * LeftOut.ofListMax else {
            return
        }
        if found.reason == .unreadable, barred == nil { barred = rank }
        leftOut.append(found)
    }

    private func view(of source: Int, listedBy rank: Rank) -> Int? {
        guard stage == .listing else { return nil }
        return views.firstIndex { $0.source == source && $0.lister == rank }
    }

    private mutating func advance(_ effects: inout Effects<StageCoordinatorEffect>) {
        if stage == .surveying, rows.allSatisfy({ $0.isLost || $0.survey.isComplete }) {
            askForLists(&effects)
        }
        if stage == .listing, listings.allSatisfy(\.isComplete) { decide(&effects) }
    }

    private mutating func askForLists(_ effects: inout Effects<StageCoordinatorEffect>) {
        for rank in surveys.keys.sorted() where wish.concerns(rank) {
            guard let words = surveys[rank]?.refusal, !words.isEmpty else { continue }
            return refuse(.rank(rank, words), &effects)
        }
        let asked = zip(views, listings).map { $0 }
        views = SharedView.all(of: surveys, wish)
        for source in wish.sources.indices where !views.contains(where: { $0.source == source }) {
            let words = wish.sources[source]
            let isDescribed = wish.described != nil
            return refuse(
                isDescribed ? .nothingOf(description: words) : .nowhere(source: words), &effects)
        }
        stage = .listing
        listings = []
        for view in views {
            // A rank that was asked already is not asked again: its pages are on their way.
            let known = asked.first { $0.0.source == view.source && $0.0.lister == view.lister }
            listings.append(known?.1 ?? PageCollector())
            if known == nil { askForList(view, &effects) }
        }
    }

    private mutating func decide(_ effects: inout Effects<StageCoordinatorEffect>) {
        do throws(StageError) {
            if let early = try earlyListing {
                plan = try plan(early)
                guard plan != nil else { return askForWholeLists(&effects) }
                return beginClaiming(&effects)
            }
            if let barred, !wish.keepsGoing,
                let found = leftOut.first(where: { $0.reason == .unreadable })
            {
                throw .unreadable(barred, found)
            }
            let lists = try lists()
            listings = []
            try findMissing(in: lists)
            plan = try StagePlan(
                wish, surveys: surveys, views: views, listings: lists, try self.terms(for: lists))
        } catch { return refuse(error, &effects) }
        beginClaiming(&effects)
    }

    private mutating func findMissing(in lists: [[TreeEntry]]) throws(StageError) {
        // The list of a rank that was lost meanwhile may have been made again.
        leftOut.removeAll { $0.reason == .missing }
        guard !wish.named.isEmpty else { return }
        let missing = missing(in: lists)
        guard let found = LeftOut(.missing, missing) else { return }
        guard wish.keepsGoing else { throw .missing(found) }
        leftOut.append(found)
    }

    mutating func refuse(
        _ refusal: StageError, _ effects: inout Effects<StageCoordinatorEffect>
    ) {
        self.refusal = refusal
        // A plan that was made may have lost its source while its destinations were claimed.
        plan = nil
        stage = .over
        for rank in surveys.keys.sorted() { give([], to: rank, &effects) }
    }
}
