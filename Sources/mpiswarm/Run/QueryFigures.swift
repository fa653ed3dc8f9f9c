import Control
import Vocabulary

/// The results of queries: the number of messages, the part of the existing holders that was found,
/// and the times of the answers.
struct QueryFigures {
    let topology: String
    let trackers: Int
    let timeToLive: Int
    var count: Int { times.count }
    let queries: Int
    let hits: Int
    let found: Int
    let existing: Int
    /// Of each question.
    let times: [Duration]

    private func quantile(_ share: Double) -> Double {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return 0 }
        let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(place, 0), sorted.count - 1)].inSeconds * 1000
    }

    private func each(_ messages: Int) -> Double { Double(messages) / Double(max(1, count)) }

    private var recall: Double { existing > 0 ? Double(found) / Double(existing) : 1 }

    static let heading =
        "topology  trackers  ttl  questions  queries each  hits each  found/exist"
        + "   p50 ms   p95 ms   p99 ms\n"

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    var row: String {
        harmless(topology) + String(repeating: " ", count: max(0, 8 - topology.count))
            + Self.right("\(trackers)", 10) + Self.right("\(timeToLive)", 5)
            + Self.right("\(count)", 11) + Self.right(fixed(each(queries), 2), 14)
            + Self.right(fixed(each(hits), 2), 11) + Self.right(fixed(recall, 3), 13)
            + Self.right(fixed(quantile(0.5), 3), 9) + Self.right(fixed(quantile(0.95), 3), 9)
            + Self.right(fixed(quantile(0.99), 3), 9) + "\n"
    }

    var json: String {
        "{\"topology\": \(jsonText(topology)), \"trackers\": \(trackers), \"ttl\": \(timeToLive), "
            + "\"questions\": \(count), \"queries_each\": \(each(queries)), "
            + "\"hits_each\": \(each(hits)), \"found\": \(found), \"existing\": \(existing), "
            + "\"p50_ms\": \(quantile(0.5)), \"p95_ms\": \(quantile(0.95)), "
            + "\"p99_ms\": \(quantile(0.99))}"
    }
}
