import Swarm
package import Vocabulary
import Wire

/// Fetches the files that a torrent, a seed file or a manifest describes. A file with the right
/// digests is found by fetching candidates: first the files of its name and length, then those of
/// its length.
extension ControlMachine {
    /// The contents of a description. `content` is the one that a manifest describes.
    package mutating func described(
        _ ticket: OrderTicket, name: RelativePath, size: ByteCount, content: ContentID = .none
    ) {
        guard var question = questions.take(ticket) else { return }
        question.described = DescribedEntry(size: size, content: content)
        question.name = name
        questions.order(question, &outbox) { .catalog($0) }
    }

    /// Each candidate is fetched whole before its digests can be compared.
    static let candidatesMax = 8

    mutating func fetchDescribed(
        from entries: [CatalogEntry], _ question: Question, now: Tick
    ) {
        guard case .get(let request) = question.command, let wanted = question.described,
            let name = question.name
        else {
            return
        }
        let fits = entries.filter {
            $0.size == wanted.size && $0.seeds > 0 && $0.content != .none
        }
        guard !fits.isEmpty else {
            let error = "no rank has \(name) of \(wanted.size.raw) bytes"
            return doubt(question, error, now: now)
        }
        // The same bytes under another name are not another candidate.
        var candidates: [ContentID] = []
        for entry in fits.sorted(by: { wanted.order(of: $0, name) < wanted.order(of: $1, name) })
        where !candidates.contains(entry.content) && candidates.count < Self.candidatesMax {
            candidates.append(entry.content)
        }
        fetchFirst(of: candidates.reversed(), request, question, now: now)
    }
}
