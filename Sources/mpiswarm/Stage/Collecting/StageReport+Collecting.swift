import CommandLine
import Content
import Control
import Staging
import Swarm
import Vocabulary
import Wire

/// The report of `collect`, whose contents come from one rank each.
extension StageReport {
    /// Prints which ranks have no SOURCE, and which do not see DEST as rank 0 does.
    func warnOfRanks(_ destinationView: [Rank]?) {
        for case let words? in [sourcelessWords, blindWords(destinationView)] {
            log.print("mpiswarm: \(words)")
        }
    }

    /// The ranks that may read SOURCE and have none, in words; nil if there are none.
    private var sourcelessWords: String? {
        guard let collect = options.collect else { return nil }
        let allowed = StageRanks.ranks(options.sources)
        let ranks = surveys.keys.sorted().filter { rank in
            surveys[rank]?.sources.contains { $0 != nil } == false
                && allowed?.contains(rank) ?? true
        }
        guard !ranks.isEmpty else { return nil }
        let named = ranks.prefix(Self.sourcelessNamedMax).map(name).joined(separator: "; ")
        let more = ranks.count - Self.sourcelessNamedMax
        return "warning: there is no \(harmless(collect.source)) at \(named)"
            + (more > 0 ? " and \(more) more" : "")
    }

    /// The ranks that do not see DEST as rank 0 does, in words; nil if all do. `ranks` are those
    /// that do.
    private func blindWords(_ ranks: [Rank]?) -> String? {
        guard let ranks, let destination = surveys[.first]?.destination else { return nil }
        let blind = surveys.keys.sorted().filter { !ranks.contains($0) }
        guard !blind.isEmpty else { return nil }
        let named = blind.prefix(Self.sourcelessNamedMax).map(name).joined(separator: "; ")
        let more = blind.count - Self.sourcelessNamedMax
        return "warning: \(harmless(destination)) is not the same folder as at rank 0, or may not "
            + "be written to, at \(named)" + (more > 0 ? " and \(more) more" : "")
            + ": the other ranks write"
    }

    private static var sourcelessNamedMax: Int { 8 }

    /// The reason why a content is not whole at the destination; nil if it is. A writer that does
    /// not account for all that it was to write has written nothing for certain.
    private func failure(ofContent number: Int, _ writer: PeerRow) -> String? {
        let content = StagedName.content(number)
        for case .failure(content, let reason) in writer.report.failures {
            switch reason {
            case .command: return nil
            case .disk, .unready:
                return "\(name(of: writer.rank)) could not copy it, for the reason above"
            default: return reason.words
            }
        }
        let totals = writer.report.totals
        let failed = UInt32(clamping: writer.report.failures.count)
        guard !writer.isExpelled, writer.stage != .lost,
            totals.wanted > 0, totals.delivered + failed == totals.wanted
        else { return "\(name(of: writer.rank)), which writes it, did not finish" }
        return nil
    }

    /// The reason why a rank's source is not collected as it is, although its copy has its names;
    /// nil unless another rank took the place of this one.
    func contradiction(of rank: Rank) -> String? {
        guard contradicted.contains(rank) else { return nil }
        return "its SOURCE is not collected as it is: another rank took its place while it was "
            + "silent, and the copy differs; a rerun with --verify --force replaces what differs"
    }

    /// The number of sources that are whole at the destination, in words; nil if nothing was to be
    /// collected. Names the others.
    func tellCollected(_ peers: [PeerRow]) -> String? {
        guard options.collect != nil, !options.dryRun else { return nil }
        var whole = 0
        for (number, content) in plan.contents.enumerated() {
            let writer = peers.first { plan.orders[$0.rank]?.duties[number].landing != nil }
            let words =
                writer.map { failure(ofContent: number, $0) } ?? "no rank was left to write it"
            guard let words else {
                if !contradicted.contains(content.origin.publisher) { whole += 1 }
                continue
            }
            log.print(
                "mpiswarm: \(name(of: content.origin.publisher)): not collected: \(words)")
        }
        return "\(whole) of \(plan.contents.count) sources collected:"
    }
}
