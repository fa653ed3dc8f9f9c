import Vocabulary
import Wire

/// Finds the sources of a name: which ranks are in a swarm, which pieces each holds, and when no
/// source is left to ask.
///
/// It owns the exchange of pieces with them. Invariant: a member is a source of a content at most
/// once, and this rank never is.
struct Sourcing: Sendable {
    let rules: DownloaderRules
    let rank: Rank
    var exchange: Exchange
    /// The transfers that found no buffer, the one that has waited longest first.
    private var waiting: [TransferIndex] = []
    /// The number of peers of the job, as reported at the admission.
    var peerCount = 1

    init(_ rules: DownloaderRules, rank: Rank, wants: [RelativePath]) {
        self.rules = rules
        self.rank = rank
        exchange = Exchange(rules, rank: rank, wants: wants)
    }

    var transfers: TransferTable {
        _read { yield exchange.transfers }
        _modify { yield &exchange.transfers }
    }

    var journal: Journal {
        _read { yield exchange.journal }
        _modify { yield &exchange.journal }
    }

    /// Whether the tracker names all members of a swarm.
    var tellsOfAll: Bool { peerCount <= rules.meshMax }

    /// Asks the tracker for the members of the swarm.
    mutating func askSwarm(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        let outer = transfers.outer(of: index)
        guard outer == index else { return askSwarm(outer, &effects) }
        guard case .want(let want) = transfers[index].purpose else { return }
        let content = transfers[index].content ?? transfers[index].chosenContent
        let selector: Selector = content == nil ? .name : .content
        if rules.kind.isStanding { transfers[index].inquiry.asked() }
        let message = TrackerMessage.swarmRequest(
            content ?? .none, want: want, by: selector,
            needsManifest: transfers[index].content == nil)
        let name = transfers.name(of: want)
        let tail = selector == .name ? effects.tail { $0.append(contentsOf: name.utf8) } : .none
        journal.report(message, tail: tail, &effects)
    }

    func tellHeld(_ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        guard let content = transfers[index].content else { return }
        let held = UInt32(transfers[index].board.have.count)
        journal.report(.peerUpdate(content, held: held), &effects)
    }

    /// Handles a piece that has arrived while others are missing.
    mutating func progressed(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        let interval = rules.piecesPerUpdate
        let isDue = transfers.change(index) {
            let isFile = $0.isFile
            return $0.inquiry.isUpdateDue(isFile: isFile, every: interval)
        }
        guard isDue else { return }
        tellHeld(index, &effects)
        askSwarm(index, &effects)
    }

    /// Ends a step, all events of which have been handled: requests as many pieces as there is room
    /// for.
    mutating func fill(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        grant(now: now, &effects)
        for index in takeWaiting() { fill(index, now: now, &effects) }
        for index in transfers.indices where transfers[index].filling == .due {
            fill(index, now: now, &effects)
        }
    }

    private mutating func fill(
        _ index: TransferIndex, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].stage == .fetching else { return }
        transfers[index].filling = .done
        transfers[index].retract(&effects)
        transfers[index].reviewInterest(&effects)
        exchange.fill(index, now: now, effects: &effects)
        noteWaiting(index)
        reviewStall(index, &effects)
    }

    /// Notes whether all buffers were gone when sources of the transfer were asked.
    private mutating func noteWaiting(_ index: TransferIndex) {
        guard !exchange.hasBuffer(for: index), transfers[index].board.queued.count > 0 else {
            return
        }
        transfers[index].filling = .waiting
        waiting.append(index)
    }

    /// The transfers for which there may be a buffer by now. They come before others, which would
    /// otherwise take each buffer that comes back to them, and nothing would make these ask again.
    private mutating func takeWaiting() -> [TransferIndex] {
        guard !waiting.isEmpty else { return [] }
        let all = waiting.filter { transfers[$0].filling == .waiting }
        waiting = all.filter { !exchange.hasBuffer(for: $0) }
        return waiting.count == all.count ? [] : all.filter { exchange.hasBuffer(for: $0) }
    }

    func checkInvariants() {
        for index in transfers.indices {
            transfers[index].checkInvariants()
            exchange.requests.checkInvariants(of: index, transfers[index])
            let ranks = transfers[index].sources.list.map(\.rank)
            precondition(Set(ranks).count == ranks.count, "a source is listed twice")
            precondition(!ranks.contains(rank), "a rank is a source of itself")
        }
        precondition(
            exchange.requests.count <= rules.requestsInFlightMax, "too many requests")
        exchange.bids.checkInvariants()
        journal.checkInvariants()
    }
}
