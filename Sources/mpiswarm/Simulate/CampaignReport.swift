import Control
import Simulation
import Vocabulary

/// The result of a campaign, as text or as JSON.
struct CampaignReport {
    struct Row {
        let seed: Int
        let outcome: SimulationOutcome
    }

    let plan: CampaignPlan
    let campaign: Campaign
    let rows: [Row]
    let took: Duration

    var text: String {
        let runs = rows.count == 1 ? "1 run" : "\(rows.count) runs"
        let failed = campaign.failures.count
        var lines = ["\(runs) with faults, \(failed) failed, in \(fixed(took.inSeconds, 1)) s"]
        lines += table("faults", campaign.faults)
        lines += table("rare branches", campaign.branches)
        let never = campaign.neverFired
        lines.append(
            never.isEmpty ? "Everything happened." : "Never: \(never.joined(separator: ", "))")
        return lines.joined(separator: "\n") + "\n" + failures
    }

    /// The result of a single run, below the report of its faults.
    var verdict: String { campaign.failures.isEmpty ? "Nothing is wrong.\n" : failures }

    private var failures: String {
        campaign.failures.map { failure in
            "seed \(failure.seed): \(failure.sentence)\n  \(plan.replay(failure.seed))\n"
        }.joined()
    }

    private func table(_ heading: String, _ counts: [CampaignCount]) -> [String] {
        let width = max(heading.count, counts.map(\.name.count).max() ?? 0)
        func line(_ name: String, _ total: String, _ runs: String) -> String {
            "  " + name + String(repeating: " ", count: width - name.count) + column(total)
                + column(runs)
        }
        return [line(heading, "times", "runs")]
            + counts.map { line($0.name, "\($0.total)", "\($0.runs)") }
    }

    private func column(_ text: String) -> String {
        String(repeating: " ", count: max(1, 12 - text.count)) + text
    }

    var json: String {
        let runs = rows.map { row in
            let outcome = row.outcome
            let pairs = [
                "\"seed\": \(row.seed)", "\"complete\": \(outcome.isComplete)",
                "\"end_s\": \((outcome.end - .zero).inSeconds)",
                "\"events\": \(outcome.totals.eventCount)",
                "\"fingerprint\": \"\(String(outcome.fingerprint, radix: 16))\"",
            ]
            return "    {\(pairs.joined(separator: ", "))}"
        }
        let failures = campaign.failures.map { failure in
            "    {\"seed\": \(failure.seed), \"sentence\": \(jsonText(failure.sentence)), "
                + "\"replay\": \(jsonText(plan.replay(failure.seed)))}"
        }
        return """
            {
              "runs": \(list(runs)),
              "failures": \(list(failures)),
              "faults": \(object(campaign.faults)),
              "branches": \(object(campaign.branches)),
              "never": \(jsonList(campaign.neverFired.map(jsonText)))
            }

            """
    }

    private func list(_ rows: [String]) -> String {
        rows.isEmpty ? "[]" : "[\n\(rows.joined(separator: ",\n"))\n  ]"
    }

    private func object(_ counts: [CampaignCount]) -> String {
        let rows = counts.map {
            "    \"\($0.name)\": {\"times\": \($0.total), \"runs\": \($0.runs)}"
        }
        return "{\n\(rows.joined(separator: ",\n"))\n  }"
    }
}
