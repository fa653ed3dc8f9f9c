package import Vocabulary

/// Serves an upload thread from a shelf. Every read is answered at once, in order.
package struct ShelfReader: ~Copyable, PieceReader {
    package typealias Payload = PieceBuffer

    private let shelf: MemoryShelf
    private var answers = Backlog<Answer>(countMax: readsMax)

    private struct Answer {
        let ticket: ReadTicket
        let payload: PieceBuffer?
    }

    /// More unanswered reads than an upload thread has sends outstanding, by far.
    package static let readsMax = 4096

    package init(_ shelf: MemoryShelf) { self.shelf = shelf }

    package mutating func read(
        _ piece: PieceIndex, of content: ContentID, ticket: ReadTicket
    ) {
        answers.append(Answer(ticket: ticket, payload: shelf.piece(piece, of: content)))
    }

    package mutating func next() -> (ticket: ReadTicket, payload: PieceBuffer?)? {
        guard let answer = answers.next() else { return nil }
        return (answer.ticket, answer.payload)
    }
}
