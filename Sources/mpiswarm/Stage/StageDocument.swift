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

    func text(_ isReceiver: (Rank) -> Bool) -> String {
        let ranks = peers.map { peer in
            "    {\"rank\": \(peer.rank), \"copy\": \(isReceiver(peer.rank)), "
                + "\"fetched\": \(peer.totals.size.raw), \"read\": \(peer.totals.read.raw), "
                + "\"needed\": \(peer.totals.lacked.raw), "
                + "\"pieces\": \(peer.totals.pieces), "
                + "\"fileLists\": \(peer.manifestTotals.size.raw), "
                + "\"duplicates\": \(peer.totals.duplicates), "
                + "\"failure\": \(failures[peer.rank].map { jsonText($0) } ?? "null")}"
        }
        return """
            {
              "bytes": \(total.raw),
              "files": \(files),
              "seconds": \(fixed(seconds, 3)),
              "unreadable": \(unreadable),
              "complete": \(failures.isEmpty && unreadable == 0),
              "ranks": [
            \(ranks.joined(separator: ",\n"))
              ]
            }

            """
    }
}
