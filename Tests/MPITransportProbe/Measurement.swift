internal import MPITransport
internal import Vocabulary

/// Figures that rank 0 prints; none decides a test. Meant for a release build.
enum Measurement {
    static func payloads(_ endpoint: inout MPIEndpoint) -> String? {
        let exchange = Exchange(count: 8_000, size: 256 << 10, window: 8, isChecked: false)
        let before = Clock.now
        let outcome = exchange.run(&endpoint, within: .seconds(40))
        let seconds = (Clock.now - before).inSeconds
        let mebibytes = Double(exchange.count * endpoint.rankCount) / 4
        say("256 KiB payloads, all ranks: \(Int(mebibytes / seconds)) MiB/s", endpoint.rank)
        return outcome.whole ? nil : "\(outcome)"
    }

    static func roundTrip(_ endpoint: inout MPIEndpoint) -> String? {
        let rounds = 20_000
        let message = Numbered.bytes(1, size: 64)
        var times: [UInt64] = []
        times.reserveCapacity(rounds)
        let other = Rank(1 - min(1, endpoint.rank.raw))
        if endpoint.rank.raw > 1 { return nil }
        let deadline = Clock.now + .seconds(40)
        for _ in 0..<rounds {
            let before = Clock.now
            if endpoint.rank.raw == 0 { send(message, other, &endpoint) }
            guard receive(&endpoint, deadline) else { return "nothing came" }
            if endpoint.rank.raw == 1 { send(message, other, &endpoint) }
            times.append((Clock.now - before).wholeNanoseconds)
        }
        times.sort()
        let (median, late) = (times[rounds / 2], times[rounds / 100 * 99])
        say("64 B round trip: median \(median) ns, 99 % below \(late) ns", endpoint.rank)
        return nil
    }

    private static func send(_ message: [UInt8], _ other: Rank, _ endpoint: inout MPIEndpoint) {
        while unsafe !endpoint.send(message.span.bytes, to: other, tag: .download) {
            if let event = endpoint.next() { Scenario.discard(event, &endpoint) }
        }
    }

    private static func receive(_ endpoint: inout MPIEndpoint, _ deadline: Tick) -> Bool {
        var backOff = BackOff()
        while Clock.now < deadline {
            guard let event = endpoint.next() else {
                backOff.wait()
                continue
            }
            if case .message(let arrival) = consume event {
                endpoint.giveBack(arrival)
                return true
            }
        }
        return false
    }

    static func idle(_ endpoint: inout MPIEndpoint) -> String? {
        for sleepMax in [1_000, 5_000] as [UInt32] {
            let (before, worked) = (Clock.now, Clock.processorTime)
            var backOff = BackOff(sleepMax: sleepMax)
            while Clock.now - before < .seconds(3) {
                if let event = endpoint.next() { Scenario.discard(event, &endpoint) }
                backOff.wait()
            }
            let share = (Clock.processorTime - worked).inSeconds / (Clock.now - before).inSeconds
            let permille = Int(share * 1_000)
            say("idle, sleeps to \(sleepMax) us: \(permille) / 1000 of a core", endpoint.rank)
        }
        return nil
    }

    private static func say(_ line: String, _ rank: Rank) {
        if rank == .first { print(line) }
    }
}
