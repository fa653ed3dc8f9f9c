import Simulation
import Vocabulary

/// One figure of a simulated run, by the name that it has in JSON and in words.
struct SimulationFigure {
    let key: String
    let words: String
    let unit: String
    let places: Int
    let value: (SimulationRun) -> Double

    static var times: [SimulationFigure] {
        [
            SimulationFigure(
                key: "bound_s", words: "no run can be faster than", unit: " s", places: 2
            ) {
                $0.outcome.bound.inSeconds
            },
            SimulationFigure(key: "last_s", words: "last to finish", unit: " s", places: 2) {
                $0.outcome.quantile(1).inSeconds
            },
            SimulationFigure(key: "last_over_bound", words: "last over bound", unit: "", places: 4)
            {
                $0.outcome.quantile(1).inSeconds / $0.outcome.bound.inSeconds
            },
            SimulationFigure(key: "mean_s", words: "mean", unit: " s", places: 2) {
                $0.outcome.meanSeconds
            },
            SimulationFigure(key: "p50_s", words: "half have finished by", unit: " s", places: 2) {
                $0.outcome.quantile(0.5).inSeconds
            },
            SimulationFigure(key: "p95_s", words: "95 % by", unit: " s", places: 2) {
                $0.outcome.quantile(0.95).inSeconds
            },
            SimulationFigure(key: "p99_s", words: "99 % by", unit: " s", places: 2) {
                $0.outcome.quantile(0.99).inSeconds
            },
        ]
    }

    /// Where some are slow by nature, what they do to the others.
    static var quickOnes: [SimulationFigure] {
        [
            SimulationFigure(key: "quick_last_s", words: "last of the quick", unit: " s", places: 2)
            {
                $0.outcome.lastQuick.inSeconds
            },
            SimulationFigure(
                key: "quick_over_bound", words: "that over the bound without the slow", unit: "",
                places: 4
            ) {
                $0.outcome.lastQuick.inSeconds / $0.outcome.boundWithoutSlow.inSeconds
            },
        ]
    }

    static func traffic(of size: Double) -> [SimulationFigure] {
        [
            SimulationFigure(
                key: "upload_utilisation", words: "peers' upload in use", unit: "", places: 3
            ) {
                $0.outcome.utilisation
            },
            SimulationFigure(
                key: "source_copies", words: "copies sent by the source", unit: "", places: 2
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
                key: "duplicates", words: "duplicate bytes over useful", unit: "", places: 4
            ) {
                $0.outcome.duplicateShare
            },
            SimulationFigure(
                key: "messages_per_piece", words: "messages per piece", unit: "", places: 1
            ) {
                $0.outcome.messagesPerPiece
            },
        ]
    }

    /// What the simulation itself took.
    static var effort: [SimulationFigure] {
        [
            SimulationFigure(
                key: "events_per_s", words: "events a real second", unit: "", places: 0
            ) {
                Double($0.outcome.eventCount) / max($0.took.inSeconds, 1e-9)
            },
            SimulationFigure(key: "memory_mib", words: "memory at most", unit: " MiB", places: 0) {
                Double($0.memoryMax.raw) / 1_048_576
            },
            SimulationFigure(key: "took_s", words: "simulated in", unit: " s", places: 2) {
                $0.took.inSeconds
            },
        ]
    }
}
