package import Vocabulary

/// The first 40 bytes of every message, little-endian.
///
///     kind 0 · version 1 · zero 2–3 · tail length 4 · content 8–23 (high, low) ·
///     a 24 · b 28 · c 32 · d 36
///
/// The kind decides what a, b, c and d mean; a field that it does not use is zero.
package struct Head: Equatable, Sendable {
    package static let byteCount = 40
    package static let version: UInt8 = 1
    /// A longer list is sent in pages. A message of the greatest length fills one buffer of a
    /// receiver.
    package static let tailMax = 64 << 10
    package static let messageMax = byteCount + tailMax

    package var kind: UInt8
    package var tailCount = 0
    package var content = ContentID.none
    package var a: UInt32 = 0
    package var b: UInt32 = 0
    package var c: UInt32 = 0
    package var d: UInt32 = 0

    init(
        _ kind: UInt8, _ content: ContentID = .none, a: UInt32 = 0, b: UInt32 = 0, c: UInt32 = 0,
        d: UInt32 = 0
    ) {
        self.kind = kind
        self.content = content
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    package init(parsing bytes: RawSpan) throws(WireError) {
        guard bytes.byteCount >= Self.byteCount else {
            throw .truncated(byteCount: bytes.byteCount)
        }
        kind = bytes.field(at: 0)
        let version: UInt8 = bytes.field(at: 1)
        guard version == Self.version else { throw .badVersion(version) }
        guard bytes.field(at: 2) == UInt16(0) else { throw .malformed }
        let tail: UInt32 = bytes.field(at: 4)
        tailCount = Int(tail)
        guard tailCount <= Self.tailMax else { throw .malformed }
        guard bytes.byteCount >= Self.byteCount + tailCount else {
            throw .truncated(byteCount: bytes.byteCount)
        }
        guard bytes.byteCount == Self.byteCount + tailCount else { throw .malformed }
        content = ContentID(high: bytes.field(at: 8), low: bytes.field(at: 16))
        a = bytes.field(at: 24)
        b = bytes.field(at: 28)
        c = bytes.field(at: 32)
        d = bytes.field(at: 36)
    }

    package func encode(into bytes: inout MutableRawSpan) {
        bytes.setField(kind, at: 0)
        bytes.setField(Self.version, at: 1)
        bytes.setField(UInt16(0), at: 2)
        bytes.setField(UInt32(tailCount), at: 4)
        bytes.setField(content.high, at: 8)
        bytes.setField(content.low, at: 16)
        bytes.setField(a, at: 24)
        bytes.setField(b, at: 28)
        bytes.setField(c, at: 32)
        bytes.setField(d, at: 36)
    }
}
