/// The identity of a content between ranks: 128 bits. It is derived from the manifest if all
/// digests are known beforehand, and otherwise made from the publisher's rank and 96 random bits.
package struct ContentID: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The identity in messages that concern no content.
    package static let none = ContentID(high: 0, low: 0)

    package static func < (a: ContentID, b: ContentID) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }
}

extension ContentID: CustomStringConvertible {
    package var description: String { Self.hex(high) + Self.hex(low) }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
