import Testing
import Vocabulary
import Wire

struct MessageTests {
    @Test(arguments: Golden.all)
    func aMessageIsTheseBytes(golden: Golden) {
        #expect([UInt8](golden.message).hex == golden.hex)
        #expect(decoded(golden.bytes, tag: golden.message.tag) == golden.message)
    }

    @Test(arguments: [
        (Vocabulary.Tag.tracker, UInt8(1)...28), (.download, 32...59), (.upload, 64...73),
        (.overlay, 96...120),
    ])
    func everyKindHasGoldenBytes(tag: Vocabulary.Tag, kinds: ClosedRange<UInt8>) {
        let known = Set(Golden.all.filter { $0.message.tag == tag }.map { $0.bytes[0] })
        #expect(known == Set(kinds))
        for kind in UInt8.min...UInt8.max where !kinds.contains(kind) {
            var bytes = [UInt8](repeating: 0, count: Head.byteCount)
            bytes[0] = kind
            bytes[1] = Head.version
            #expect(flaw(of: bytes, tag: tag) == .unknownKind(kind))
        }
    }

    @Test(arguments: Golden.all)
    func anotherReaderRefusesIt(golden: Golden) {
        for tag in Vocabulary.Tag.allCases where tag != golden.message.tag {
            #expect(flaw(of: golden.bytes, tag: tag) == .unknownKind(golden.bytes[0]))
        }
    }

    @Test(arguments: Golden.all)
    func everyPrefixIsRefused(golden: Golden) {
        let tail: [UInt8] = golden.message.takesTail ? [1, 2, 3] : []
        let bytes = [UInt8](golden.message, tail: tail)
        for count in 0..<bytes.count {
            #expect(
                flaw(of: Array(bytes.prefix(count)), tag: golden.message.tag)
                    == .truncated(byteCount: count))
        }
        #expect(flaw(of: bytes + [0], tag: golden.message.tag) == .malformed)
    }

    /// A corrupted head may be another message, as long as that message is written so.
    @Test(arguments: Golden.all)
    func everyCorruptByteIsRefusedOrCanonical(golden: Golden) {
        var lies = 0
        var bytes = golden.bytes
        for offset in bytes.indices {
            let honest = bytes[offset]
            for value in UInt8.min...UInt8.max where value != honest {
                bytes[offset] = value
                guard let message = decoded(bytes, tag: golden.message.tag) else { continue }
                if [UInt8](message) != bytes || message == golden.message { lies += 1 }
            }
            bytes[offset] = honest
        }
        #expect(lies == 0)
    }

    @Test(arguments: Golden.all)
    func aTailComesOnlyWhereOneMay(golden: Golden) {
        let short = [UInt8](golden.message, tail: [7])
        let longest = [UInt8](golden.message, tail: [UInt8](repeating: 7, count: Head.tailMax))
        let tag = golden.message.tag
        let expected = golden.message.takesTail ? golden.message : nil
        #expect(decoded(short, tag: tag) == expected)
        #expect(decoded(longest, tag: tag) == expected)
        #expect(longest.count == Head.messageMax)
    }

    @Test(arguments: Golden.all)
    func aTailBeyondTheLimitIsRefused(golden: Golden) {
        let tail = [UInt8](repeating: 7, count: Head.tailMax + 1)
        #expect(
            flaw(of: [UInt8](golden.message, tail: tail), tag: golden.message.tag) == .malformed)
        // Nor is it waited for.
        let promise = Array([UInt8](golden.message, tail: tail).prefix(Head.byteCount))
        #expect(flaw(of: promise, tag: golden.message.tag) == .malformed)
    }

    @Test(arguments: [UInt8(0), 2, 255])
    func anotherVersionIsRefused(version: UInt8) {
        var bytes = [UInt8](.tracker(.join))
        bytes[1] = version
        #expect(flaw(of: bytes, tag: .tracker) == .badVersion(version))
    }

    @Test(arguments: Vocabulary.Tag.allCases)
    func noiseIsRefusedOrCanonical(tag: Vocabulary.Tag) {
        let kinds = Golden.all.filter { $0.message.tag == tag }.map { $0.bytes[0] }
        var chance = Chance(seed: UInt64(tag.rawValue))
        var lies = 0
        for _ in 0..<20_000 {
            let bytes = Self.noise(kinds, &chance)
            guard let message = decoded(bytes, tag: tag) else { continue }
            let tail = Array(bytes.dropFirst(Head.byteCount))
            if [UInt8](message, tail: tail) != bytes { lies += 1 }
        }
        #expect(lies == 0)
    }

    /// Noise that gets past the first checks: the right size, version and kind more often than
    /// chance would have it, and many zeros.
    private static func noise(_ kinds: [UInt8], _ chance: inout Chance) -> [UInt8] {
        let tail = chance.below(4) == 0 ? chance.below(20) : 0
        let count = chance.below(8) == 0 ? chance.below(64) : Head.byteCount + tail
        var bytes = (0..<count).map { _ in
            chance.below(3) == 0 ? UInt8(chance.below(256)) : UInt8(chance.below(3) / 2)
        }
        guard count >= Head.byteCount, chance.below(16) > 0 else { return bytes }
        bytes[0] = kinds[chance.below(kinds.count)]
        bytes[1] = Head.version
        for offset in 2..<8 { bytes[offset] = 0 }
        bytes[4] = UInt8(tail)
        return bytes
    }
}
