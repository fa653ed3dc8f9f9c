import Simulation
import Testing
import Vocabulary

@Suite struct FairLinksTests {
    /// Many links of equal capacity are the hard case, because there are ties everywhere.
    private func capacity(_ chance: inout Chance) -> Double {
        [.infinity, 1e6, 1e6, 1e6, 2e6, 5e5, Double(1 + chance.below(1000)) * 1e4][
            chance.below(7)]
    }

    /// The greatest relative error of any rate, over a history of arrivals and departures.
    private func worstError(
        seed: UInt64, nodes: Int, steps: Int, isEqual: Bool, tolerance: Double, updatesMax: Int
    ) -> (error: Double, updates: UInt64) {
        var chance = Chance(seed: seed)
        let up = (0..<nodes).map { _ in isEqual ? 1e6 : capacity(&chance) }
        let down = (0..<nodes).map { _ in isEqual ? 1e6 : capacity(&chance) }
        var links = FairLinks(up: up, down: down, tolerance: tolerance, updatesMax: updatesMax)
        let reference = FairReference(up: up, down: down)
        var live: [(number: FlowNumber, from: Int, to: Int)] = []
        var worst = 0.0
        for step in 0..<steps {
            let now = Tick(nanoseconds: UInt64(step) * 1000)
            let from = chance.below(nodes)
            let to = chance.below(nodes)
            if live.count > nodes * 3 || (!live.isEmpty && chance.below(3) == 0) {
                links.end(live.remove(at: chance.below(live.count)).number, now: now)
            } else if !links.isUnlimited(from: from, to: to) {
                let number = links.start(from: from, to: to, byteCount: 1 << 40, now: now)
                live.append((number, from, to))
            }
            let rates = reference.rates(live.map { ($0.from, $0.to) })
            for (flow, rate) in zip(live, rates) {
                worst = max(worst, abs(links.rate(of: flow.number) - rate) / rate)
            }
        }
        links.checkInvariants()
        return (worst, links.updateCount)
    }

    @Test(arguments: [true, false])
    func ratesEqualThoseOfProgressiveFilling(isEqual: Bool) {
        var updates: UInt64 = 0
        for seed in 1...100 as ClosedRange<UInt64> {
            let nodes = 2 + Int(seed % 14)
            let (error, count) = worstError(
                seed: seed, nodes: nodes, steps: 60, isEqual: isEqual, tolerance: 1e-9,
                updatesMax: .max)
            #expect(error < 1e-6, "seed \(seed)")
            updates += count
        }
        print("exact, equal \(isEqual): \(Double(updates) / 6000) levels per change")
    }

    /// Levels that one change leaves over are computed at the next ones.
    @Test func theCoarseFormErrsLittle() {
        var worst = 0.0
        for seed in 1...20 as ClosedRange<UInt64> {
            let run = worstError(
                seed: seed, nodes: 12, steps: 60, isEqual: true, tolerance: 0.01, updatesMax: 16)
            worst = max(worst, run.error)
        }
        print("coarse: greatest relative error of a rate \(worst)")
        #expect(worst < 0.05)
    }

    /// A model of large swarms with a hundred peers: each sends one piece, or several, to random
    /// peers, and receives as fast as it sends, or faster.
    @Test(arguments: [1, 2, Double.infinity], [1, 2, 5])
    func theCoarseFormErrsAsDocumentedInALargeSwarm(downFactor: Double, sends: Int) {
        let options = SimulationOptions()
        let nodes = 100
        let up = [Double](repeating: options.peerUp, count: nodes)
        let down = up.map { $0 * downFactor }
        var exact = FairLinks(up: up, down: down)
        var coarse = FairLinks(
            up: up, down: down, tolerance: options.coarseTolerance,
            updatesMax: options.coarseUpdatesMax)
        var chance = Chance(seed: 1)
        // The same histories give the same numbers.
        var live: [FlowNumber] = []
        var worst = 0.0
        for step in 0..<nodes * (sends + 20) {
            let now = Tick(nanoseconds: UInt64(step) * 1000)
            let from = live.count < nodes * sends ? step % nodes : chance.below(nodes)
            if live.count >= nodes * sends {
                let gone = live.remove(at: chance.below(live.count))
                exact.end(gone, now: now)
                coarse.end(gone, now: now)
            }
            let to = chance.below(nodes)
            let number = exact.start(from: from, to: to, byteCount: 1 << 40, now: now)
            #expect(coarse.start(from: from, to: to, byteCount: 1 << 40, now: now) == number)
            live.append(number)
            guard step % 20 == 0 else { continue }
            for flow in live {
                let rate = exact.rate(of: flow)
                worst = max(worst, abs(coarse.rate(of: flow) - rate) / rate)
            }
        }
        print("coarse, down \(downFactor), \(sends) sends: \(worst)")
        #expect(worst < (downFactor < .infinity ? 0.1 : 1e-9))
    }

    @Test func transfersTakeTheTimeThatTheirRatesImply() throws {
        var links = FairLinks(up: [1e6, 1e6], down: [.infinity, .infinity])
        let first = links.start(from: 0, to: 1, byteCount: 1_000_000, now: .zero)
        let half = Tick.zero + .milliseconds(500)
        let next = links.nextToSchedule()
        let alone = try #require(next)
        #expect(alone.0 == first && alone.at == .zero + .seconds(1))
        // Half is sent; the rest goes at half the rate, beside another flow.
        _ = links.start(from: 0, to: 1, byteCount: 1_000_000, now: half)
        let early = links.verdict(first, generation: alone.generation, now: .zero + .seconds(1))
        #expect(early == .early(.zero + .milliseconds(1500)))
        let late = links.verdict(
            first, generation: alone.generation, now: .zero + .milliseconds(1500))
        #expect(late == .ended)
        #expect(links.end(first, now: .zero + .milliseconds(1500)) < 1)
        #expect(links.verdict(first, generation: alone.generation, now: half) == .stale)
    }
}
