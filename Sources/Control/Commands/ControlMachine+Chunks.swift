import Swarm
import Vocabulary
import Wire

/// Reports the pieces of a content that a rank has.
extension ControlMachine {
    mutating func chunks(
        of name: RelativePath, in entries: [CatalogEntry], _ question: Question, now: Tick
    ) {
        let found = entries.filter { $0.name == name && $0.content != .none }
        guard let only = found.first else {
            return doubt(question, "no rank has \(name)", now: now)
        }
        guard found.count == 1 else {
            return end(question.client, Self.ambiguous(name), isJSON: question.isJSON)
        }
        askChunks(of: only.content, question)
    }

    /// Asks another rank, once that rank is known to be there.
    mutating func askChunks(of content: ContentID, _ question: Question) {
        guard case .chunks(_, let source) = question.command else { return }
        var question = question
        question.candidates = [content]
        let isHere = source == nil || source == rank
        let rank = rank
        questions.order(question, &outbox) {
            isHere ? .holding($0, of: content, at: rank) : .roll($0, of: .none)
        }
    }

    mutating func askChunks(at source: Rank, _ entries: [RollEntry], _ question: Question) {
        guard let content = question.candidates.first else { return }
        guard let entry = entries.first(where: { $0.rank == source }) else {
            return end(question.client, "no rank \(source) serves", isJSON: question.isJSON)
        }
        switch entry.presence {
        case .present, .looking, .reading: break
        case .absent, .left, .lost:
            let error = "rank \(source): \(entry.presence.words)"
            return end(question.client, error, isJSON: question.isJSON)
        }
        questions.order(question, &outbox) { .holding($0, of: content, at: source) }
    }

    mutating func tellChunks(_ pieces: PieceSet?, _ ticket: OrderTicket) {
        guard let question = questions.take(ticket),
            case .chunks(_, let source) = question.command
        else { return }
        let rank = source ?? rank
        guard let pieces else {
            let error = "rank \(rank) has nothing of it"
            return end(question.client, error, isJSON: question.isJSON)
        }
        for line in pieces.lines(at: rank) {
            say(line, to: question.client, isJSON: question.isJSON)
        }
        end(question.client, isJSON: question.isJSON)
    }
}
