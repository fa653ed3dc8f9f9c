internal import Vocabulary

/// A message whose bytes after the number all follow from it: a message that was cut, mixed up or
/// overwritten is noticed.
enum Numbered {
    static let sizeMin = 8

    static func bytes(_ number: Int, size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: fill(number), count: size)
        for offset in 0..<sizeMin {
            bytes[offset] = UInt8(truncatingIfNeeded: number >> (8 * offset))
        }
        return bytes
    }

    /// The number, or nil where size or fill is wrong.
    static func read(_ arrival: borrowing Arrival, size: (Int) -> Int) -> Int? {
        arrival.withBytes { bytes in
            guard bytes.byteCount >= sizeMin else { return nil }
            var number = 0
            for offset in 0..<sizeMin { number |= Int(byte(bytes, offset)) << (8 * offset) }
            guard bytes.byteCount == size(number) else { return nil }
            for offset in sizeMin..<bytes.byteCount where byte(bytes, offset) != fill(number) {
                return nil
            }
            return number
        }
    }

    private static func fill(_ number: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: number &* 31 &+ 7)
    }

    private static func byte(_ bytes: RawSpan, _ offset: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
