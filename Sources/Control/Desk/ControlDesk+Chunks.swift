import Swarm
import Vocabulary
import Wire

/// Reports the pieces of a content that a rank has.
extension ControlDesk {
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
        let ticket = outbox.ticket()
        questions[ticket] = question
        let isHere = source == nil || source == rank
        outbox.append(
            .order(
                isHere
                    ? .holding(ticket, of: content, at: rank) : .roll(ticket, of: .none)))
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
        let ticket = outbox.ticket()
        questions[ticket] = question
        outbox.append(.order(.holding(ticket, of: content, at: source)))
    }

    mutating func tellChunks(_ pieces: PieceSet?, _ ticket: OrderTicket) {
        guard let question = questions.removeValue(forKey: ticket),
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

extension ControlDesk.Question {
    /// The error when no answer has come.
    var silence: String {
        guard case .chunks(_, let source?) = command else { return "no rank answered" }
        return "rank \(source) did not answer"
    }
}

extension PieceSet {
    private static let rangesPerLine = 256

    /// The lines of the answer, each with no more ranges than a reader can take in.
    fileprivate func lines(at rank: Rank) -> [Answer] {
        let ranges = rangesOfPieces
        let starts =
            ranges.isEmpty ? [0] : Array(stride(from: 0, to: ranges.count, by: Self.rangesPerLine))
        return starts.map { start in
            let some = ranges[start..<min(start + Self.rangesPerLine, ranges.count)]
            return Answer(
                ("rank", .number(Int64(rank.raw))), ("pieces", .number(Int64(count))),
                ("of", .number(Int64(capacity))),
                ("ranges", .text(some.map(Self.words).joined(separator: ","))))
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Ranges of consecutive piece numbers, counted from 0.
    private var rangesOfPieces: [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        var next = first()
        while let piece = next {
            let position = piece.position
            if let last = ranges.last, last.upperBound + 1 == position {
                ranges[ranges.count - 1] = last.lowerBound...position
            } else {
                ranges.append(position...position)
            }
            next = first(from: position + 1)
        }
        return ranges
    }
}
