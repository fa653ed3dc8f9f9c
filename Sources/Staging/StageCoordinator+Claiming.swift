import Swarm
package import Vocabulary
import Wire

/// A job begins when no other one stages to any of its destinations.
extension StageCoordinator {
    mutating func beginClaiming(_ effects: inout Effects<StageCoordinatorEffect>) {
        guard let plan else { preconditionFailure("what is claimed is planned") }
        var receivers = plan.orders.filter { $0.value.landing != nil }.keys.sorted()
        // Ranks that write to one destination would take one another for another job.
        if wish.collecting != nil { receivers = Array(receivers.prefix(1)) }
        stage = .claiming
        claims = Claims(receivers, after: claims.number)
        claims.ask()
        claim(isOn: true, &effects)
    }

    private func claim(isOn: Bool, _ effects: inout Effects<StageCoordinatorEffect>) {
        for rank in claims.ranks {
            let path = plan?.orders[rank]?.landing?.path ?? ""
            let tail = effects.tail { $0 += Array(path.utf8) }
            let message = DownloadMessage.claim(number: claims.number, isOn: isOn)
            effects.append(.send(.download(message), tail, to: rank))
        }
    }

    mutating func claimed(
        _ rank: Rank, _ number: UInt32, isFree: Bool, place: UInt64, now: Tick,
        _ effects: inout Effects<StageCoordinatorEffect>
    ) {
        guard stage == .claiming,
            claims.answered(rank, number, isFree: isFree, place: place), claims.awaited.isEmpty
        else { return }
        guard let taken = claims.taken(node: { surveys[$0]?.node }) else {
            return begin(&effects)
        }
        let path = plan?.orders[taken]?.landing?.path ?? ""
        claim(isOn: false, &effects)
        let since = waitsSince ?? now
        waitsSince = since
        if let patience = wish.patience, now - since >= patience {
            plan = nil
            return refuse(.busy(taken, path: path), &effects)
        }
        if waitsFor == nil { waitsFor = Taken(rank: taken, path: path) }
        claims.rest(now: now, &chance)
        wakeForClaims(&effects)
    }

    mutating func begin(_ effects: inout Effects<StageCoordinatorEffect>) {
        stage = .over
        for rank in surveys.keys.sorted() {
            give(plan?.orders[rank]?.encoded() ?? [], to: rank, &effects)
        }
    }

    func give(
        _ order: [UInt8], to rank: Rank, _ effects: inout Effects<StageCoordinatorEffect>
    ) {
        for (page, bytes, isLast) in inPages(order) {
            let tail = effects.tail { $0 += bytes }
            let message = DownloadMessage.order(page: page, isLast: isLast)
            effects.append(.send(.download(message), tail, to: rank))
        }
    }

    func wakeForClaims(_ effects: inout Effects<StageCoordinatorEffect>) {
        guard stage == .claiming, let until = claims.restsUntil else { return }
        effects.append(.wake(at: min(until, deadline ?? until)))
    }

    mutating func claimAgain(now: Tick, _ effects: inout Effects<StageCoordinatorEffect>) {
        guard stage == .claiming, let until = claims.restsUntil,
            now >= min(until, deadline ?? until)
        else { return }
        claims.ask()
        claim(isOn: true, &effects)
    }

    private var deadline: Tick? {
        guard let waitsSince, let patience = wish.patience else { return nil }
        return waitsSince + patience
    }

    /// A destination that another job has.
    package struct Taken: Equatable, Sendable {
        package let rank: Rank
        package let path: String
    }
}

extension Landing {
    /// The path, as users see it and as jobs compare it.
    package var path: String { name.map { "\(folder)/\($0)" } ?? folder }
}
