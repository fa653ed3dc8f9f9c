package import Vocabulary
package import Wire

/// The tracker of one group of peers: it keeps their membership, the catalog and the swarms, and
/// ends the job.
///
///     gathering → running → closing → over
///
/// Gathering lasts until the list of every living peer is in, running until every living peer wants
/// nothing more, and closing until each has sent its last report. A tracker never carries piece
/// bytes.
///
/// The tracker routes messages to the parts that own the state, and does itself only what needs
/// several of them: it moves from one stage of the job to the next.
package struct Tracker {
    package enum Stage: Equatable, Sendable {
        case gathering, running, closing, over
    }

    package let rules: TrackerRules
    var group: PeerGroup
    var ending: EarlyEnding

    package init(rules: TrackerRules, now: Tick, effects: inout Effects<TrackerEffect>) {
        self.rules = rules
        group = PeerGroup(rules, now: now)
        ending = EarlyEnding(rules)
        effects.append(.wake(at: now + rules.lease / 4))
        for rank in rules.unordered {
            if let index = members.place(of: rank) { group.lose(index, &effects) }
        }
        if rules.kind.isStanding { members.stage = .running }
        advance(now: now, effects: &effects)
    }

    package mutating func received(
        _ message: TrackerMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard rules.contains(rank) else { throw .malformed }
        guard let index = try group.sender(rank, of: message, now: now, &effects) else { return }
        switch message {
        case .join: group.joined(index, &effects)
        case .fileList(let page, let entries, let isLast):
            try group.listed(index, tail, entries, page, isLast: isLast, now: now, &effects)
        case .fileListUpdate(_, let entries, _):
            try group.updated(index, tail, entries, now: now, &effects)
        case .prepared(let readiness):
            try prepared(index, readiness, tail, now: now, effects: &effects)
        case .alive: group.send(.aliveAck, to: index, &effects)
        case .report(let page, let entries, let isLast, let isFinal):
            try group.reported(index, tail, entries, page: page, isOver: isLast && isFinal)
        case .leave: group.left(index, &effects)
        case .catalogRequest(let from):
            group.search.catalogRequested(
                from: from, by: index, group.members, now: now, &effects)
        case .swarmRequest(let content, let want, let selector, let needsManifest):
            try group.swarmRequested(
                index, content, want, selector, needsManifest, tail: tail, now: now, &effects)
        case .peerUpdate(let content, _): group.progressed(index, content)
        case .stalled: group.stalled(index, message, now: now, &effects)
        case .fileCompleted(let content): group.apply(.seed, content, index, now: now, &effects)
        case .allFilesCompleted: group.finished(index, &effects)
        case .gaveUp(let content): group.gaveUp(index, content, &effects)
        case .measured(let content, let needed, let available):
            try group.measured(
                index, content, needed: needed, available: available, tail, &effects)
        case .survey, .listing, .leftOut, .claimed: group.ownViolations += 1
        case .rollRequest(let content, let from):
            group.search.rollRequested(
                of: content, from: from, by: index, group.members, now: now, &effects)
        case .shutdown: shutDown(&effects)
        case .looked: group.looked(index, &effects)
        case .accused(let offender, let why): group.accused(offender, why, by: rank, &effects)
        case .seal(let content): try group.sealed(index, content, tail, now: now, &effects)
        case .publishes(let content): group.apply(.publisher, content, index, now: now, &effects)
        case .cannotPublish(let content):
            group.apply(.noPublisher, content, index, now: now, &effects)
        case .named(let content): group.named(content, by: index)
        case .standsBy(let content): group.apply(.reader, content, index, now: now, &effects)
        }
        forwardToRoot(message, tail: tail, of: rank, &effects)
        advance(now: now, effects: &effects)
        broadcastChange(&effects)
    }

    /// Handles the passing of time. It is safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard members.stage != .over else { return }
        group.expireLeases(now: now, &effects)
        timeoutGroups(now: now, effects: &effects)
        group.declareLosses(now: now, &effects)
        group.forgetAbandoned(now: now)
        advance(now: now, effects: &effects)
        broadcastChange(&effects)
        // A quarter of a lease is fine enough: a lost peer may be declared lost a little late.
        effects.append(.wake(at: now + rules.lease / 4))
    }

    /// This process was stopped for `gap`, so the silence of the others in that time proves
    /// nothing: their messages are still in the queue.
    package mutating func stoodStill(for gap: Duration) {
        members.excuse(gap)
        group.search.trackers.excuse(gap)
    }

    var members: Membership {
        _read { yield group.members }
        _modify { yield &group.members }
    }

    var swarms: Swarms {
        _read { yield group.search.swarms }
        _modify { yield &group.search.swarms }
    }

    /// Whether all that is collected has its final names, except at this rank.
    package func hasNames(besidesBy rank: Rank) -> Bool {
        group.collected.areNamed(besidesBy: rank)
    }

    /// The ranks whose sources differ from the copies that another rank completed in their place.
    package var contradictedSources: [Rank] { group.collected.contradicted.sorted() }

    /// The number of messages that an honest peer would not have sent at that moment.
    package var violations: Int { group.violations }

    package var stage: Stage { members.stage }

    /// The peers of this group.
    package var peers: [PeerRow] { members.rows }

    /// Whether every rank has joined at least once or is gone, and no bad input ends the job.
    package var allRanksJoined: Bool {
        // Bad input ends the job, and ranks that have left because of it have not joined.
        guard members.stage == .running, !ending.isRefused else { return false }
        guard members.count(.absent, .listing, .refused) == 0 else { return false }
        return members.rows.count == rules.peerCount
            || group.search.trackers.groups.accounts.rows.allSatisfy { account in
                members.place(of: account.rank) != nil || account.listing.isComplete
                    || account.isGone
            }
    }

    /// Whether every living rank has also announced the files that its folders held at first.
    package var allRanksLooked: Bool { allRanksJoined && lookingRanks.isEmpty }

    /// The living ranks that have not yet announced the files of their folders.
    package var lookingRanks: [Rank] {
        group.search.trackers.groups.accounts.rows.lazy.map { account in
            members.place(of: account.rank).map { members[$0] } ?? account
        }.filter { !$0.isGone && !$0.listing.hasLooked }.map(\.rank)
    }

    /// Whether another tracker's answer may come at any moment, so that a long wait costs time.
    package func isExpecting(now: Tick) -> Bool {
        group.search.trackers.overlay.isExpecting(now: now)
    }

    /// The first disagreement of owners, if it ends the job before it begins.
    package var disagreement: (name: RelativePath, owners: [Rank])? { ending.disagreement }

    /// The bad input that ends the job: the one of the lowest rank.
    package var refusal: PeerRow? {
        ending.isRefused ? accounts.first { !$0.refusal.isEmpty } : nil
    }

    package func checkInvariants() { group.checkInvariants() }
}
