package import Swarm
package import Vocabulary
import Wire

/// Fetching what a torrent, a seed file or a manifest describes. What has its digests is found by
/// fetching: first the files of its name and length, then those of its length alone.
extension ControlDesk {
    /// What a file describes. `content` is what a manifest stands for.
    package mutating func described(
        _ ticket: OrderTicket, name: RelativePath, size: ByteCount, content: ContentID = .none
    ) {
        guard var question = questions.removeValue(forKey: ticket) else { return }
        question.described = Description(name: name, size: size, content: content)
        let next = self.ticket()
        questions[next] = question
        outputs.append(.order(.catalog(next)))
    }

    /// Each of them is fetched whole before it is known whether it is the right one.
    static let candidatesMax = 8

    mutating func fetchDescribed(
        from entries: [CatalogEntry], _ question: Question, now: Tick
    ) {
        guard case .get(let request) = question.command, let wanted = question.described else {
            return
        }
        let fits = entries.filter {
            $0.size == wanted.size && $0.seeds > 0 && $0.content != .none
        }
        guard !fits.isEmpty else {
            let error = "nobody has \(wanted.name) of \(wanted.size.raw) bytes"
            return doubt(question, error, now: now)
        }
        let candidates = fits.sorted { wanted.order(of: $0) < wanted.order(of: $1) }
            .prefix(Self.candidatesMax).map(\.content)
        fetchFirst(of: candidates.reversed(), request, question, now: now)
    }

    /// The next one may be what is described, unless the failure is our own.
    mutating func candidateFailed(_ ticket: OrderTicket, _ reason: FailureReason) {
        let landing = surroundings.landing(ticket)
        var isOther = [.unknown, .lost, .withdrawn, .notThere].contains(reason)
        if case .differs = landing { isOther = true }
        guard isOther, var fetch = fetches[ticket], let next = fetch.candidates.popLast() else {
            return failed(ticket, reason, landing)
        }
        fetches[ticket] = nil
        fetch.triedCount += 1
        fetch.choice = .content(next)
        order(fetch)
    }
}

extension ControlDesk.Description {
    /// The content itself comes first, then what has its name.
    fileprivate func order(of entry: CatalogEntry) -> (Int, RelativePath, ContentID) {
        let rank = entry.content == content ? 0 : entry.name == name ? 1 : 2
        return (rank, entry.name, entry.content)
    }
}

extension ControlDesk.Fetch {
    var isDescribed: Bool { request.description != nil && choice != nil }

    /// Where it is to go: it gets the name that is described, whatever its owner calls it.
    var path: String? {
        guard let described else { return request.path }
        guard let path = request.path else { return described.description }
        guard path.utf8.last == UInt8(ascii: "/") else { return path }
        return path + (described.description.split(separator: "/").last.map(String.init) ?? "")
    }
}
