import Simulation
import Vocabulary

/// One figure of a simulated run, by the name that it has in JSON and in words.
struct SimulationFigure {
    let key: String
    let words: String
    let unit: String
    let places: Int
    /// Whether it is printed without `--verbose`.
    var isForUsers = false
    /// The factor of the value in the text; JSON has the value itself.
    var factor = 1.0
    let value: (SimulationRun) -> Double

    func text(_ value: Double) -> String { fixed(value * factor, places) }

    static var times: [SimulationFigure] {
        [
            SimulationFigure(
                key: "last_s", words: "all peers are complete after", unit: " s", places: 2,
                isForUsers: true
            ) {
                $0.outcome.quantile(1).inSeconds
            },
            SimulationFigure(
                key: "bound_s", words: "least possible time", unit: " s", places: 2,
                isForUsers: true
            ) {
                $0.outcome.bound.all.inSeconds
            },
            SimulationFigure(
                key: "last_over_bound", words: "ratio of the two", unit: "", places: 4,
                isForUsers: true
            ) {
                $0.outcome.quantile(1).inSeconds / $0.outcome.bound.all.inSeconds
            },
            SimulationFigure(
                key: "p50_s", words: "half of the peers are complete after", unit: " s",
                places: 2, isForUsers: true
            ) {
                $0.outcome.quantile(0.5).inSeconds
            },
            SimulationFigure(key: "p95_s", words: "95 % of them after", unit: " s", places: 2) {
                $0.outcome.quantile(0.95).inSeconds
            },
            SimulationFigure(key: "p99_s", words: "99 % of them after", unit: " s", places: 2) {
                $0.outcome.quantile(0.99).inSeconds
            },
            SimulationFigure(key: "mean_s", words: "mean time", unit: " s", places: 2) {
                $0.outcome.meanSeconds
            },
        ]
    }

    /// The effect of slow peers on the others.
    static var quickOnes: [SimulationFigure] {
        [
            SimulationFigure(
                key: "quick_last_s", words: "all but the slow peers after", unit: " s", places: 2,
                isForUsers: true
            ) {
                $0.outcome.lastQuick.inSeconds
            },
            SimulationFigure(
                key: "quick_over_bound", words: "ratio to the bound without slow peers", unit: "",
                places: 4
            ) {
                $0.outcome.lastQuick.inSeconds / $0.outcome.bound.withoutSlow.inSeconds
            },
        ]
    }

    static func traffic(of size: Double) -> [SimulationFigure] {
        [
            SimulationFigure(
                key: "upload_utilisation", words: "peers' upload in use", unit: " %", places: 1,
                isForUsers: true, factor: 100
            ) {
                $0.outcome.utilisation
            },
            SimulationFigure(
                key: "source_copies", words: "copies sent by the source", unit: "", places: 2,
                isForUsers: true
            ) {
                Double($0.outcome.sourceServed) / size
            },
            SimulationFigure(
                key: "tracker_messages", words: "messages of the busiest tracker", unit: "",
                places: 0
            ) {
                Double($0.outcome.busiestTracker)
            },
            SimulationFigure(
                key: "duplicates", words: "ratio of duplicate to useful bytes", unit: "", places: 4
            ) {
                $0.outcome.duplicateShare
            },
            SimulationFigure(
                key: "messages_per_piece", words: "messages for each piece", unit: "", places: 1
            ) {
                $0.outcome.messagesPerPiece
            },
        ]
    }

    /// The cost of the simulation itself.
    static var effort: [SimulationFigure] {
        [
            SimulationFigure(
                key: "events_per_s", words: "events in a real second", unit: "", places: 0
            ) {
                Double($0.outcome.totals.eventCount) / max($0.took.inSeconds, 1e-9)
            },
            SimulationFigure(key: "memory_mib", words: "most memory", unit: " MiB", places: 0) {
                Double($0.memoryMax.raw) / 1_048_576
            },
            SimulationFigure(key: "took_s", words: "simulated in", unit: " s", places: 2) {
                $0.took.inSeconds
            },
        ]
    }
}
