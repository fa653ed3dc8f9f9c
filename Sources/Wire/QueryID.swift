package import Vocabulary

/// The identity of one flooded query, on whichever tracker it arrives.
package struct QueryID: Hashable, Sendable {
    package let origin: Rank
    package let sequence: UInt32

    package init(origin: Rank, sequence: UInt32) {
        self.origin = origin
        self.sequence = sequence
    }

    init(_ head: Head) throws(WireError) {
        self.init(origin: try Rank(field: head.a), sequence: head.b)
    }
}

extension Rank {
    init(field: UInt32) throws(WireError) {
        guard let raw = Int32(exactly: field) else { throw .malformed }
        self.init(raw)
    }
}
