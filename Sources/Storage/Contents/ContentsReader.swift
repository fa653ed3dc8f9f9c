package import Vocabulary

/// Serves an upload thread from memory and from disk. Every read is answered at once, in order.
package struct ContentsReader: ~Copyable, PieceReader {
    package typealias Payload = PieceBuffer

    private let memory: MemoryContents
    private let files: FileContents?
    private var outcomes = Backlog<ReadOutcome>(countMax: readsMax)
    /// Buffers that were read, and are not released yet.
    private var atHand: [ReadTicket: PieceBuffer] = [:]

    /// Far more reads than the sends that an upload thread has outstanding.
    package static let readsMax = 4096

    package init(_ memory: MemoryContents, _ files: FileContents? = nil) {
        self.memory = memory
        self.files = files
    }

    package mutating func read(
        _ piece: PieceIndex, of content: ContentID, ticket: ReadTicket
    ) {
        let buffer = memory.piece(piece, of: content) ?? pieceOnDisk(piece, of: content)
        atHand[ticket] = buffer
        outcomes.append(ReadOutcome(ticket, isGood: buffer != nil))
    }

    private func pieceOnDisk(_ piece: PieceIndex, of content: ContentID) -> PieceBuffer? {
        do throws(StorageError) { return try files?.piece(piece, of: content) } catch {
            files?.tell(error)
            return nil
        }
    }

    package mutating func next() -> ReadOutcome? { outcomes.next() }

    package func payload(of ticket: ReadTicket) -> PieceBuffer {
        guard let buffer = atHand[ticket] else {
            preconditionFailure("a payload is sent that was not read")
        }
        return buffer
    }

    /// The manifests have all digests, so nothing is read.
    package mutating func digests(
        of content: ContentID, from first: Int, count: Int
    ) -> [UInt8]? { nil }

    package mutating func release(_ ticket: ReadTicket) { atHand[ticket] = nil }
}
