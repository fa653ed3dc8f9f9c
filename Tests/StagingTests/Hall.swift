import Content
import Swarm
import Vocabulary
import Wire

@testable import Staging

/// A coordinator, and what it sent to whom: pages put together.
struct Hall {
    enum Sent: Equatable {
        case alive(to: Int32)
        case list(source: Int, to: Int32)
        case order([UInt8], to: Int32)
        case claim(UInt32, String, to: Int32)
        case release(to: Int32)
    }

    /// Every destination is free, as soon as it is claimed.
    var grantsClaims = true
    private var granted: UInt32 = 0
    private(set) var coordinator: StageCoordinator
    private(set) var now = Tick.zero
    private var effects = Effects<StageCoordinatorEffect>()

    init(
        _ wish: StageWish, rankCount: Int, job: UInt64 = 100, extras: ExtraEntries = .counted
    ) {
        var terms = StagePlan.Terms(job: job)
        terms.extras = extras
        coordinator = StageCoordinator(
            wish, terms, rankCount: rankCount, now: now, effects: &effects)
    }

    mutating func hear(_ message: TrackerMessage, _ tail: [UInt8] = [], from rank: Int32) throws {
        try unsafe coordinator.received(
            message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
        try grant()
    }

    private mutating func grant() throws {
        guard grantsClaims else { return }
        for effect in effects.list {
            guard case .send(.download(.claim(let number, true)), _, let rank) = effect,
                number > granted
            else { continue }
            try unsafe coordinator.received(
                .claimed(number: number, isFree: true, place: 0), tail: [UInt8]().span.bytes,
                from: rank,
                now: now, effects: &effects)
        }
        granted = max(granted, coordinator.claims.number)
    }

    mutating func survey(_ survey: Survey, from rank: Int32) throws {
        for (page, bytes, isLast) in inPages(survey.encoded()) {
            try hear(.survey(page: page, isLast: isLast), Array(bytes), from: rank)
        }
    }

    mutating func list(_ bytes: [UInt8], source: UInt32 = 0, from rank: Int32) throws {
        for (page, part, isLast) in inPages(bytes) {
            try hear(.listing(source: source, page: page, isLast: isLast), Array(part), from: rank)
        }
    }

    mutating func pass(_ time: Duration, alive: [Int32] = []) throws {
        now = now + time
        for rank in alive { try hear(.alive, from: rank) }
        coordinator.timeout(now: now, effects: &effects)
        try grant()
    }

    mutating func die(_ rank: Int32) { coordinator.died(Rank(rank), effects: &effects) }

    mutating func drain() -> [Sent] {
        var sent: [Sent] = []
        var order: [UInt8] = []
        for effect in effects.list {
            guard case .send(let message, let tail, let rank) = effect else { continue }
            switch message {
            case .download(.aliveAck): sent.append(.alive(to: rank.raw))
            case .download(.listRequest(let source)):
                sent.append(.list(source: Int(source), to: rank.raw))
            case .download(.order(_, let isLast)):
                order += effects.bytes(of: tail)
                guard isLast else { continue }
                sent.append(.order(order, to: rank.raw))
                order = []
            case .download(.claim(let number, let isOn)):
                guard !grantsClaims else { continue }
                let path = String(decoding: effects.bytes(of: tail), as: UTF8.self)
                sent.append(
                    isOn ? .claim(number, path, to: rank.raw) : .release(to: rank.raw))
            default: preconditionFailure("a coordinator sends nothing else")
            }
        }
        effects.removeAll()
        return sent
    }
}
