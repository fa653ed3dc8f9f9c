package import Swarm
package import Vocabulary
import Wire

/// Turns events of the machines into answers to users.
extension ControlMachine {
    package mutating func heard(_ news: LiveNews, now: Tick) {
        switch news {
        case .catalog(let ticket, let entries): list(entries, ticket, now: now)
        case .roll(let ticket, let entries): tell(entries, ticket, now: now)
        case .status(let ticket, let rows): tell(rows, ticket, now: now)
        case .done(let ticket): answer(ticket, nil)
        case .holding(let ticket, let pieces): tellChunks(pieces, ticket)
        case .delivered(let ticket, let content):
            guard fetches.rows[ticket] != nil else { return }
            fetches.delivered(ticket, content, surroundings.landing(ticket), &outbox)
        case .failed(let ticket, let reason):
            guard let fetch = fetches.rows[ticket] else { return answer(ticket, reason.words) }
            // A candidate that differs from the description has failed; another one may match it.
            if fetch.isDescribed {
                let landing = surroundings.landing(ticket)
                return fetches.candidateFailed(ticket, reason, landing, &outbox)
            }
            guard reason != .unknown || !fetches.doubt(ticket, &outbox) else { return }
            fetches.failed(ticket, reason, surroundings.landing(ticket), &outbox)
        }
    }

    /// The result of sharing a file, or of the end of its sharing.
    package mutating func shareDone(_ ticket: OrderTicket, error: String?) {
        answer(ticket, error)
    }

    private mutating func answer(_ ticket: OrderTicket, _ error: String?) {
        guard let question = questions.take(ticket) else { return }
        end(question.client, error, isJSON: question.isJSON)
    }

    private mutating func list(
        _ entries: [CatalogEntry], _ ticket: OrderTicket, now: Tick
    ) {
        guard !cleared(ticket, by: entries, now: now) else { return }
        guard let question = questions.take(ticket) else { return }
        if question.described != nil { return fetchDescribed(from: entries, question, now: now) }
        switch question.command {
        case .holders(.name(let name)): return lookUp(name, in: entries, question, now: now)
        case .chunks(.name(let name), _):
            return chunks(of: name, in: entries, question, now: now)
        case .get(let request): return fetchChosen(from: entries, request, question, now: now)
        default: break
        }
        var found = Self.withoutRereading(entries)
        if case .query(let name) = question.command { found.removeAll { $0.name != name } }
        if found.isEmpty, case .query(let name) = question.command {
            return doubt(question, "no rank has \(name)", now: now)
        }
        for entry in found.sorted(by: { ($0.name, $0.content) < ($1.name, $1.content) }) {
            let line = question.command == .listDigests ? entry.digestLine : entry.line
            say(line, to: question.client, isJSON: question.isJSON)
        }
        end(question.client, isJSON: question.isJSON)
    }

    /// A rank also reads the files that it has fetched. That is no news, because their names are
    /// served already.
    private static func withoutRereading(_ entries: [CatalogEntry]) -> [CatalogEntry] {
        guard entries.contains(where: { $0.content == .none }) else { return entries }
        let served = Set(entries.filter { $0.seeds > 0 }.map(\.name))
        return entries.filter { $0.content != .none || !served.contains($0.name) }
    }

    private mutating func lookUp(
        _ name: RelativePath, in entries: [CatalogEntry], _ question: Question, now: Tick
    ) {
        let found = entries.filter { $0.name == name && $0.seeds > 0 }
        guard found.count > 1 else {
            guard let only = found.first else {
                return doubt(question, "no rank has \(name)", now: now)
            }
            return askHolders(only.content, question)
        }
        end(question.client, Self.ambiguous(name), isJSON: question.isJSON)
    }

    static func ambiguous(_ name: RelativePath) -> String {
        "\(name) is not the same everywhere; 'query \(name)' lists the ids"
    }

    private mutating func tell(_ entries: [RollEntry], _ ticket: OrderTicket, now: Tick) {
        guard !cleared(ticket, by: entries, now: now) else { return }
        guard let question = questions.take(ticket) else { return }
        if case .get(let request) = question.command, let content = question.candidates.last {
            guard entries.contains(where: { $0.rank == request.source }) else {
                let others = question.candidates.dropLast()
                return fetchFirst(of: Array(others), request, question, now: now)
            }
            let others = question.candidates.dropLast()
            return fetch(content, besides: others, question, request, now: now)
        }
        if case .chunks(_, let source) = question.command {
            return askChunks(at: source ?? rank, entries, question)
        }
        if case .holders = question.command, entries.isEmpty {
            return end(question.client, "no rank has it", isJSON: question.isJSON)
        }
        for entry in entries {
            let here = entry.rank == rank ? " (this rank)" : ""
            let line = Answer(
                ("rank", .number(Int64(entry.rank.raw))),
                ("state", .text(entry.presence.words + here)))
            say(line, to: question.client, isJSON: question.isJSON)
        }
        end(question.client, isJSON: question.isJSON)
    }

    private mutating func tell(_ rows: [TransferStatus], _ ticket: OrderTicket, now: Tick) {
        fetches.heard(rows, ticket, now: now, &outbox)
        guard let question = questions.take(ticket) else { return }
        for line in fetches.lines(rows, now: now) + surroundings.sharing().lines {
            say(line, to: question.client, isJSON: question.isJSON)
        }
        end(question.client, isJSON: question.isJSON)
    }
}

extension CatalogEntry {
    fileprivate var line: Answer {
        Answer(
            ("name", .text(name.description)), ("size", .number(size.raw)),
            ("seeds", .number(Int64(seeds))), ("peers", .number(Int64(peers))), ("id", digest))
    }

    /// A file that is still being read has none.
    private var digest: Answer.Value {
        content == .none ? .none : .text(content.description)
    }

    /// The digest comes first, as with `md5sum`: a name may be of any length and have spaces.
    fileprivate var digestLine: Answer {
        Answer(("digest", digest), ("name", .text(name.description)))
    }
}

extension RollEntry.Presence {
    var words: String {
        switch self {
        case .absent: "not there yet"
        case .present: "there"
        case .looking: "there, looking at the files of its folder"
        case .reading: "there, reading files"
        case .left: "left"
        case .lost: "lost"
        }
    }
}
