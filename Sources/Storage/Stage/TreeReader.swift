import Synchronization
package import Vocabulary

/// The upload thread's side of a vault.
package struct TreeReader: ~Copyable, PieceReader {
    package typealias Payload = PieceBuffer

    private let vault: TreeVault
    /// The pieces that were read and not yet released.
    private var atHand: [ReadTicket: PieceBuffer] = [:]
    private var outcomes = Backlog<ReadOutcome>(countMax: ShelfReader.readsMax)

    package init(_ vault: TreeVault) { self.vault = vault }

    package mutating func read(
        _ piece: PieceIndex, of content: ContentID, ticket: ReadTicket
    ) {
        guard let tree = vault.tree(of: content) else {
            let buffer = vault.shelf.piece(piece, of: content)
            atHand[ticket] = buffer
            return outcomes.append(ReadOutcome(ticket, isGood: buffer != nil))
        }
        if let row = tree.recent.row(of: piece) {
            return take(TreeVault.ReadAnswer(ticket: ticket, row: row))
        }
        vault.crew.submit(.read) { [vault] in
            do throws(StorageError) {
                let row = try tree.read(piece)
                if tree.source != nil { vault.tellRead() }
                vault.goOn(tree)
                vault.reads.put(TreeVault.ReadAnswer(ticket: ticket, row: row))
            } catch {
                vault.answers.put(
                    tree.isForeign(piece) || tree.hasLost(piece)
                        ? .differs(piece, of: content)
                        : .troubled(vault.terms.words(.storage(error))))
                vault.reads.put(TreeVault.ReadAnswer(ticket: ticket, row: nil))
                vault.copyOn(tree, of: content, .write)
            }
        }
    }

    private mutating func take(_ answer: TreeVault.ReadAnswer) {
        atHand[answer.ticket] = answer.row?.buffer
        outcomes.append(
            ReadOutcome(answer.ticket, isGood: answer.row != nil, digest: answer.row?.digest))
    }

    package mutating func next() -> ReadOutcome? {
        for answer in vault.reads.take().reversed() { take(answer) }
        return outcomes.next()
    }

    package func payload(of ticket: ReadTicket) -> PieceBuffer {
        guard let buffer = atHand[ticket] else {
            preconditionFailure("a payload is sent that was not read")
        }
        return buffer
    }

    package mutating func digests(
        of content: ContentID, from first: Int, count: Int
    ) -> [UInt8]? {
        guard let tree = vault.tree(of: content) else { return nil }
        let range = first..<first + count
        if let bytes = tree.table(range) { return bytes }
        if tree.digesting.withLock({ $0.insert(range).inserted }) {
            vault.digest(range, of: content)
        }
        return nil
    }

    package mutating func release(_ ticket: ReadTicket) { atHand[ticket] = nil }
}
