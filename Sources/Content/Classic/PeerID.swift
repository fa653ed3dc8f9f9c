/// The number of a peer in `PeerInfo.cfg`; its folder and its log are named after it.
package struct PeerID: Hashable, Comparable, Sendable {
    package let raw: Int

    package static let max = 999_999_999_999

    package init(_ raw: Int) { self.raw = raw }

    /// Nil for what is no number, or is not written as numbers are.
    package init?(_ digits: some Collection<UInt8>) {
        guard let number = plainNumber(digits, max: Self.max),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        raw = number
    }

    package static func < (a: PeerID, b: PeerID) -> Bool { a.raw < b.raw }
}

extension PeerID: CustomStringConvertible {
    package var description: String { "\(raw)" }
}

/// Digits and nothing else: neither sign nor point nor another alphabet's digits.
package func plainNumber(_ digits: some Collection<UInt8>, max: Int) -> Int? {
    guard !digits.isEmpty else { return nil }
    var number = 0
    for byte in digits {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
        guard !isTooLarge, tens <= max else { return nil }
        number = tens + Int(byte - UInt8(ascii: "0"))
        guard number <= max else { return nil }
    }
    return number
}
