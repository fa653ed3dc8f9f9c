import Synchronization
package import Vocabulary

/// The upload thread's side of the storage of a rank.
package struct TreeReader: ~Copyable, PieceReader {
    package typealias Payload = PieceBuffer

    private let storage: StageStorage
    /// The pieces that were read and not yet released.
    private var atHand: [ReadTicket: PieceBuffer] = [:]
    private var outcomes = Backlog<ReadOutcome>(countMax: ContentsReader.readsMax)

    package init(_ storage: StageStorage) { self.storage = storage }

    package mutating func read(
        _ piece: PieceIndex, of content: ContentID, ticket: ReadTicket
    ) {
        guard let tree = storage.tree(of: content) else {
            let buffer = storage.memory.piece(piece, of: content)
            atHand[ticket] = buffer
            return outcomes.append(ReadOutcome(ticket, isGood: buffer != nil))
        }
        if let row = tree.recent.row(of: piece) {
            return take(StageStorage.ReadAnswer(ticket: ticket, row: row))
        }
        storage.crew.submit(.read) { [storage] in
            do throws(StorageError) {
                let row = try tree.read(piece)
                if tree.source != nil { storage.tellRead() }
                storage.goOn(tree)
                storage.reads.put(StageStorage.ReadAnswer(ticket: ticket, row: row))
            } catch {
                // What a copy of a part has lost is read in its tree, which reports what is wrong.
                let isPart = tree.part != nil && storage.duty(tree.manifest).isPart
                storage.answers.put(
                    isPart || tree.isForeign(piece) || tree.hasLost(piece)
                        ? .differs(piece, of: content)
                        : .troubled(storage.terms.words(.storage(error))))
                storage.reads.put(StageStorage.ReadAnswer(ticket: ticket, row: nil))
                storage.copyOn(tree, of: content, .write)
            }
        }
    }

    private mutating func take(_ answer: StageStorage.ReadAnswer) {
        atHand[answer.ticket] = answer.row?.buffer
        outcomes.append(
            ReadOutcome(answer.ticket, isGood: answer.row != nil, digest: answer.row?.digest))
    }

    package mutating func next() -> ReadOutcome? {
        for answer in storage.reads.take().reversed() { take(answer) }
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
        let range = first..<first + count
        if let checked = storage.checked(content) { return checked.table(range) }
        guard let tree = storage.tree(of: content) else { return nil }
        if let bytes = tree.table(range) { return bytes }
        if tree.digesting.withLock({ $0.insert(range).inserted }) {
            storage.digest(range, of: content)
        }
        return nil
    }

    package mutating func release(_ ticket: ReadTicket) { atHand[ticket] = nil }
}

extension [ContentID: StagedTree] {
    /// The bytes of sources that were read although they had been read before.
    var readAgain: Int { values.reduce(0) { $0 + $1.bytesReadAgain } }
}
