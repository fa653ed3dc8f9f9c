import CommandLine
import Control
import Simulation
import Swarm
import Vocabulary

/// The results of simulations, as text or as JSON.
struct SimulationReport {
    let plan: SimulationPlan
    let runs: [SimulationRun]
    /// Whether the text has the figures for developers, too.
    let isVerbose: Bool

    private var shown: [SimulationFigure] { figures.filter { isVerbose || $0.isForUsers } }

    private var figures: [SimulationFigure] {
        SimulationFigure.times
            + (plan.options.slowShare > 0 ? SimulationFigure.quickOnes : [])
            + SimulationFigure.traffic(of: plan.options.wantedByteCount) + SimulationFigure.effort
    }

    /// A column of figures; of several runs the median, with the least and the most.
    var text: String {
        let width = shown.map(\.words.count).max() ?? 0
        var lines = [heading]
        if plan.isCoarser {
            lines.append("(simulated in few large pieces; smaller ones come closer to the bound)")
        }
        for figure in shown {
            let values = runs.map(figure.value).sorted()
            guard let least = values.first, let most = values.last else { continue }
            let words = figure.words + String(repeating: " ", count: width - figure.words.count)
            // Of an even number of runs, half-way between the two in the middle.
            let median = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
            var line = "  \(words)  \(figure.text(median))\(figure.unit)"
            if values.count > 1 { line += "  (\(figure.text(least)) to \(figure.text(most)))" }
            lines.append(line)
        }
        for run in runs where !run.outcome.isComplete {
            let missing = run.outcome.finishedAt.count - run.outcome.finishedCount
            lines.append("  seed \(run.seed): \(missing) peers did not finish")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let runs = runs.count == 1 ? "" : ", median of \(runs.count) runs"
        return Self.content(plan.options) + runs
    }

    /// `400.0 MiB in 400 pieces to 15 peers`, of more files `16 files of 8.0 MiB in 128 pieces` and
    /// so on, and of a job that collects `from each of 16 peers`.
    static func content(_ options: SimulationOptions) -> String {
        let size = ByteCount(Int64(options.byteCount)).words
        guard options.collected == nil else {
            let count = options.sources + options.peers
            return "\(size) in \(options.pieces) pieces from each of \(count) peers"
        }
        let peers = options.peers == 1 ? "1 peer" : "\(options.peers) peers"
        let files = options.files == 1 ? "" : "\(options.files) files of "
        return "\(files)\(size) in \(options.pieces) pieces to \(peers)"
    }

    /// One object: the options of the simulation, and one object for each run.
    var json: String {
        let options = plan.options
        let rows = runs.map { run in
            let pairs = figures.map { "\"\($0.key)\": \(number($0.value(run)))" }
            let first = "\"seed\": \(run.seed), \"complete\": \(run.outcome.isComplete)"
            let kinds = run.outcome.counts.messagesByKind.enumerated().filter { $0.element > 0 }
                .map { "\"\($0.offset)\": \($0.element)" }.joined(separator: ", ")
            let last = [
                "\"messages_by_kind\": {\(kinds)}",
                "\"fingerprint\": \"\(String(run.outcome.fingerprint, radix: 16))\"",
            ]
            return "    {\(([first] + pairs + last).joined(separator: ", "))}"
        }
        return """
            {
              "peers": \(options.peers), "sources": \(options.sources),
              "files": \(options.files), "pieces": \(options.pieces),
              "piece_size": \(options.pieceLength),
              "policy": "\(options.serving.rawValue)", "picker": "\(options.picker.rawValue)",
              "runs": [
            \(rows.joined(separator: ",\n"))
              ]
            }

            """
    }

    /// JSON has no infinity.
    private func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
}
