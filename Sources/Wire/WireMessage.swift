import Vocabulary

/// The common part of the messages of one reader. A conforming enum gives the head of each case and
/// the case of each head; the rest, including canonical encoding, follows from the two.
package protocol WireMessage: Equatable, Sendable {
    associatedtype Kind: RawRepresentable where Kind.RawValue == UInt8

    /// The head without the tail's length.
    var head: Head { get }

    /// Whether a tail may follow.
    var takesTail: Bool { get }

    /// The case for a head. It may be lenient: the caller refuses a head that the case would not
    /// write.
    static func reading(_ kind: Kind, _ head: Head) throws(WireError) -> Self
}

extension WireMessage {
    /// Decoding is total and canonical: a decoded message encodes to the same bytes.
    package init(parsing head: Head) throws(WireError) {
        guard let kind = Kind(rawValue: head.kind) else { throw .unknownKind(head.kind) }
        let message = try Self.reading(kind, head)
        guard message.takesTail || head.tailCount == 0 else { throw .malformed }
        var written = message.head
        written.tailCount = head.tailCount
        guard written == head else { throw .malformed }
        self = message
    }

    static func head(
        _ kind: Kind, _ content: ContentID = .none, a: UInt32 = 0, b: UInt32 = 0, c: UInt32 = 0,
        d: UInt32 = 0
    ) -> Head {
        Head(kind.rawValue, content, a: a, b: b, c: c, d: d)
    }
}
