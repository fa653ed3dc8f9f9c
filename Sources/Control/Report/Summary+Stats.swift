import Swarm
import Vocabulary
import Wire

/// The traffic of each peer, as `--stats` prints it.
extension Summary {
    /// For each peer its sources, file by file, and its receivers.
    package var stats: String {
        var text = ""
        for peer in peers {
            text +=
                "\(names[peer.rank]): \(peer.report.totals.delivered) of \(peer.wanted) files, "
                + "\(Self.amount(peer.report.totals.pieces, peer.report.totals.size))"
                + "\(Self.manifests(peer.report.manifestTotals))\n"
            for (want, name) in peer.listing.wants.enumerated() {
                let sources = links(of: peer).filter { $0.want == want }
                guard !sources.isEmpty else { continue }
                let list = sources.map { "\($0.pieces) from \(names[$0.source])" }
                text += "  fetched \(name): \(list.joined(separator: ", "))\n"
            }
            let served = peers.compactMap { other in
                let pieces = links(of: other).reduce(0) {
                    $0 + ($1.source == peer.rank ? $1.pieces : 0)
                }
                return pieces > 0 ? "\(pieces) to \(names[other.rank])" : nil
            }
            if !served.isEmpty { text += "  served \(served.joined(separator: ", "))\n" }
        }
        return text
    }

    /// The manifests that were fetched beside the payload; empty if they came with the swarm.
    private static func manifests(_ totals: ManifestTotals) -> String {
        totals.size > .zero ? ", and file lists of \(totals.size.words)" : ""
    }

    private func links(of peer: PeerRow) -> [(want: Int, source: Rank, pieces: Int)] {
        peer.report.links.compactMap { entry in
            guard case .link(let want, let source, let pieces, _) = entry else { return nil }
            return (want.position, source, Int(pieces))
        }
    }
}
