internal import MPITransport
internal import Vocabulary

/// The scenarios that the probe can run.
enum Scenario: String, CaseIterable {
    case order, flood, payload, withdraw, threads, overlong, stuck, cancel, survival
    case measurePayloads = "measure-payloads"
    case measureRoundTrip = "measure-round-trip"
    case measureIdle = "measure-idle"

    static let messageSizeMax = 64 * 1024 + 256
    static let limit = Duration.seconds(40)

    /// Returns a description of the failure, or nil.
    func run(_ world: borrowing MPIWorld) -> String? {
        if self == .threads { return Self.threads(world) }
        if self == .cancel {
            let cancelling = Cancelling(rounds: 100_000, patience: Self.limit / 4)
            return cancelling.run(world, within: Self.limit)
        }
        var endpoint = MPIEndpoint(
            world, reading: [.download, .upload],
            messageSizeMax: self == .overlong ? 512 : Self.messageSizeMax)
        let complaint =
            switch self {
            case .order: Self.order(&endpoint)
            case .flood: Self.flood(&endpoint)
            case .payload: Self.payload(&endpoint)
            case .withdraw: Self.withdraw(&endpoint)
            case .overlong: Self.overlong(&endpoint, world)
            case .stuck: Self.stuck(&endpoint)
            case .survival: Survival.run(&endpoint, within: Self.limit / 4)
            case .threads, .cancel: nil as String?
            case .measurePayloads: Measurement.payloads(&endpoint)
            case .measureRoundTrip: Measurement.roundTrip(&endpoint)
            case .measureIdle: Measurement.idle(&endpoint)
            }
        return Self.close(&endpoint) ?? complaint
    }

    static func close(_ endpoint: inout MPIEndpoint) -> String? {
        let deadline = Clock.now + .milliseconds(500)
        endpoint.close(while: { Clock.now < deadline })
        return endpoint.lastFailure.map { "\($0) \($0.text)" }
    }

    /// Large messages wait for their receiver while small ones that follow are there at once.
    private static func order(_ endpoint: inout MPIEndpoint) -> String? {
        let flood = Flood(count: 2_000, to: .download) { $0 % 3 == 0 ? 64 * 1024 : 40 }
        return judge(flood.run(&endpoint, within: limit), mustRefuse: true)
    }

    private static func flood(_ endpoint: inout MPIEndpoint) -> String? {
        let flood = Flood(count: 20_000, to: .upload) { $0 % 2 == 0 ? 64 : 400 }
        return judge(flood.run(&endpoint, within: limit), mustRefuse: true)
    }

    private static func judge(_ outcome: Flood.Outcome, mustRefuse: Bool) -> String? {
        let isRight = outcome.isComplete && outcome.faults == 0
        if isRight, !mustRefuse || outcome.refusals > 0 { return nil }
        return "\(outcome)"
    }

    private static func payload(_ endpoint: inout MPIEndpoint) -> String? {
        let exchange = Exchange(count: 48, size: 1 << 20, window: 8, isChecked: true)
        let outcome = exchange.run(&endpoint, within: limit)
        return outcome.whole && outcome.faults == 0 ? nil : "\(outcome)"
    }

    /// One thread floods one tag while another thread floods another tag.
    private static func threads(_ world: borrowing MPIWorld) -> String? {
        let workers = [Tag.download, .upload].map { tag in
            let endpoint = MPIEndpoint(world, reading: [tag], messageSizeMax: messageSizeMax)
            return Worker(endpoint) { (endpoint: inout MPIEndpoint) -> String? in
                let flood = Flood(count: 5_000, to: tag) { $0 % 50 == 0 ? 64 * 1024 : 64 }
                let complaint = judge(flood.run(&endpoint, within: limit), mustRefuse: true)
                return close(&endpoint) ?? complaint
            }
        }
        for worker in workers { worker.start() }
        return workers.compactMap { $0.join() }.first
    }
}
