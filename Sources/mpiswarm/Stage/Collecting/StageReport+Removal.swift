import CommandLine
import Content
import Staging
import Swarm
import Vocabulary

/// The report of `collect --remove-source` on what was removed from SOURCE, and what stays there.
extension StageReport {
    func tellRemoval(_ differences: StageDifferences) {
        for peer in differences.peers {
            let list = peer.report.differences
            let kept = list.named.filter { $0.kind == .kept }
            for difference in kept {
                log.print(
                    "mpiswarm: \(name(of: peer.rank)): not removed, because it is new, has changed "
                        + "or may not be removed: \(path(of: difference, at: peer.rank))")
            }
            let more = list[.kept] - UInt64(kept.count)
            if more > 0 {
                log.print("mpiswarm: \(name(of: peer.rank)): not removed: \(more) more")
            }
        }
        if options.dryRun { tellForeseen(differences.peers) }
        let count = differences[.taken]
        guard count > 0 else { return }
        let entries = count == 1 ? "1 file or folder" : "\(count) files and folders"
        let line = "\(entries) in SOURCE: \(options.dryRun ? "would be removed" : "removed")"
        if options.quiet { log.append(line) } else { log.print(line, on: stream) }
    }

    private func tellForeseen(_ peers: [PeerRow]) {
        for peer in peers {
            let list = peer.report.differences
            for difference in list.named where difference.kind == .taken {
                log.print(
                    "\(name(of: peer.rank)): would be removed: "
                        + path(of: difference, at: peer.rank), on: stream)
            }
            let more = list.total - UInt64(list.named.count)
            if more > 0 { log.print("\(name(of: peer.rank)): and \(more) more", on: stream) }
        }
    }

    /// The path in the SOURCE of a rank.
    private func path(of difference: Difference, at rank: Rank) -> String {
        let source = expanded(
            options.collect?.source ?? "", rank: rank, host: surveys[rank]?.host ?? "")
        guard let below = difference.path.belowTop else { return harmless(source) }
        return harmless(source.hasSuffix("/") ? "\(source)\(below)" : "\(source)/\(below)")
    }
}
