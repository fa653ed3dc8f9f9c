import Control
import Swarm
import Vocabulary
import Wire

/// The document of `--json` about a staged job.
struct StageDocument {
    let peers: [PeerRow]
    let failures: [Rank: String]
    let total: ByteCount
    let files: Int
    let seconds: Double
    /// Entries of the sources that were left out because they could not be read.
    var unreadable = 0
    /// Whether a copy differs from SOURCE although no rank has failed.
    var isDifferent = false
    /// A line for each difference.
    var differences: [String] = []

    private var isComplete: Bool {
        failures.isEmpty && unreadable == 0 && !isDifferent
    }

    private static func differences(_ list: DifferenceList) -> String {
        let named = list.named.map {
            "{\"kind\": \"\($0.kind)\", \"path\": \(jsonText($0.path.description))}"
        }
        return "\"missing\": \(list[.missing]), \"different\": \(list[.different]), "
            + "\"extra\": \(list[.extra]), \"removed\": \(list[.removed]), "
            + (list[.taken] &+ list[.kept] == 0
                ? "" : "\"taken\": \(list[.taken]), \"kept\": \(list[.kept]), ")
            + "\"differences\": [\(named.joined(separator: ", "))], "
    }

    private static func isOfCopy(_ list: DifferenceList) -> Bool {
        list.total > list[.taken] &+ list[.kept]
    }

    /// The text of `--metrics`.
    func metrics(_ isReceiver: (Rank) -> Bool) -> String {
        let receivers = peers.filter { isReceiver($0.rank) }
        return StageMetrics(
            copyByteCount: total.raw, fileCount: files, copyCount: receivers.count,
            completeCount: receivers.count {
                failures[$0.rank] == nil && !(isDifferent && Self.isOfCopy($0.report.differences))
            },
            movedByteCount: peers.reduce(0) { $0 + $1.report.totals.size.raw },
            readByteCount: peers.reduce(0) { $0 + $1.report.totals.read.raw },
            failureCount: failures.count, seconds: seconds,
            endedAt: Int64(wallClock() / 1_000_000_000)
        ).text(version: ReportOrigin.current.version)
    }

    func text(_ isReceiver: (Rank) -> Bool) -> String {
        let ranks = peers.map { peer in
            let totals = peer.report.totals
            return "    {\"rank\": \(peer.rank), \"copy\": \(isReceiver(peer.rank)), "
                + "\"fetched\": \(totals.size.raw), \"read\": \(totals.read.raw), "
                + "\"needed\": \(totals.lacked.raw), "
                + "\"pieces\": \(totals.pieces), "
                + "\"fileLists\": \(peer.report.manifestTotals.size.raw), "
                + "\"duplicates\": \(totals.duplicates), "
                + Self.differences(peer.report.differences)
                + "\"failure\": \(failures[peer.rank].map { jsonText($0) } ?? "null")}"
        }
        return """
            {
              "bytes": \(total.raw),
              "files": \(files),
              "seconds": \(fixed(seconds, 3)),
              "unreadable": \(unreadable),
              "complete": \(isComplete),
              "ranks": [
            \(ranks.joined(separator: ",\n"))
              ]
            }

            """
    }
}
