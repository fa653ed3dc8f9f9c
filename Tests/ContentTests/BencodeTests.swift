import Testing
import Vocabulary

@testable import Content

@Suite struct BencodeTests {
    static let sample = "d1:ai-7e1:bl0:3:xyzi0ee2:bbd0:deee"

    static func parse(_ text: String) throws(BencodeError) -> BencodeValue {
        try BencodeValue(parsing: Array(text.utf8))
    }

    /// Writes what was read.
    static func rewritten(_ value: BencodeValue) -> Bencode {
        if let number = value.integer { return .integer(number) }
        if let text = value.text { return .text(Array(text)) }
        if let list = value.list { return .list(list.map(rewritten)) }
        return .dictionary(
            (value.entries ?? []).map { Bencode.Entry(Array($0.key), rewritten($0.value)) })
    }

    @Test(arguments: [
        sample, "i0e", "i9223372036854775807e", "i-9223372036854775808e", "0:", "le", "de",
        "3:a\u{0}b", "lllleeee",
    ])
    func aParsedValueEncodesToTheSameBytes(text: String) throws {
        #expect(try Self.rewritten(Self.parse(text)).encoded() == Array(text.utf8))
    }

    @Test func valuesKnowTheirBytes() throws {
        let value = try Self.parse(Self.sample)
        #expect(value["a"]?.integer == -7)
        #expect(value["b"]?.raw.elementsEqual("l0:3:xyzi0ee".utf8) == true)
        #expect(value["b"]?.position == 11)
        #expect(value["bb"]?.raw.elementsEqual("d0:dee".utf8) == true)
        #expect(value["c"] == nil)
        #expect(value["a"]?["a"] == nil)
    }

    @Test func keysAreWrittenInOrder() {
        let value = Bencode.dictionary([
            .init("b", .integer(1)), .init("", .encoded(Array("le".utf8))), .init("aa", .text([])),
        ])
        #expect(value.encoded() == Array("d0:le2:aa0:1:bi1ee".utf8))
    }

    @Test(arguments: [
        ("", 0, BencodeFlaw.ended), ("i", 1, .ended), ("i1", 2, .ended), ("5", 1, .ended),
        ("l", 1, .ended), ("d1:a", 4, .ended), ("x", 0, .notAValue(120)), ("e", 0, .notAValue(101)),
        ("ie", 1, .notANumber), ("i-e", 1, .notANumber), ("i-0e", 1, .notANumber),
        ("i00e", 1, .notANumber), ("i01e", 1, .notANumber), ("i-01e", 1, .notANumber),
        ("i+1e", 1, .notANumber), ("i1.5e", 1, .notANumber), ("i 1e", 1, .notANumber),
        ("i9223372036854775808e", 1, .numberTooLarge),
        ("i-9223372036854775809e", 1, .numberTooLarge),
        ("i99999999999999999999999e", 1, .numberTooLarge),
        ("01:a", 0, .notANumber), ("1 :a", 0, .notANumber), ("2:a", 0, .textTooLong),
        ("9223372036854775807:a", 0, .textTooLong), ("9223372036854775808:", 0, .numberTooLarge),
        ("-1:a", 0, .notAValue(45)), ("di1ei1ee", 1, .keyNotText), ("dlei1ee", 1, .keyNotText),
        ("d1:ai1e1:ai1ee", 7, .keyTwice), ("d1:bi1e1:ai1ee", 7, .keysOutOfOrder),
        ("d2:aai1e1:ai1ee", 8, .keysOutOfOrder), ("i1ei1e", 3, .trailing), ("0:\n", 2, .trailing),
    ])
    func flawsAreReportedWithTheirPlace(text: String, position: Int, flaw: BencodeFlaw) {
        #expect(throws: BencodeError(position: position, flaw: flaw)) { try Self.parse(text) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "l", count: depth) + String(repeating: "e", count: depth)
        }
        _ = try Self.parse(nested(BencodeParser.depthMax))
        let flaw = BencodeFlaw.tooDeep(most: BencodeParser.depthMax)
        for depth in [BencodeParser.depthMax + 1, 1_000_000] {
            #expect(throws: BencodeError(position: BencodeParser.depthMax, flaw: flaw)) {
                try Self.parse(nested(depth))
            }
        }
    }

    @Test func valuesAreCounted() throws {
        func list(_ count: Int) -> [UInt8] {
            var bytes = [UInt8(ascii: "l")]
            for _ in 0..<count { bytes += [UInt8(ascii: "0"), UInt8(ascii: ":")] }
            return bytes + [UInt8(ascii: "e")]
        }
        let most = 100
        _ = try BencodeParser.parse(list(most - 1), valueCountMax: most)
        #expect(
            throws: BencodeError(position: 1 + 2 * (most - 1), flaw: .tooManyValues(most: most))
        ) { try BencodeParser.parse(list(most), valueCountMax: most) }
    }

    @Test func everyPrefixIsRefused() {
        let bytes = Array(Self.sample.utf8)
        for length in bytes.indices {
            #expect(throws: BencodeError.self) {
                try BencodeValue(parsing: Array(bytes.prefix(length)))
            }
        }
    }

    @Test func everyCorruptionIsCanonicalOrRefused() {
        let bytes = Array(Self.sample.utf8)
        for position in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var corrupt = bytes
                corrupt[position] = byte
                Self.expectCanonicalOrRefused(corrupt)
            }
        }
    }

    @Test func rubbishIsCanonicalOrRefused() {
        var chance = Chance(seed: 4)
        let letters = Array("dlie0123:-".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<24, using: &chance)
            Self.expectCanonicalOrRefused(
                (0..<count).map { _ in letters[Int.random(in: letters.indices, using: &chance)] })
        }
    }

    static func expectCanonicalOrRefused(_ bytes: [UInt8]) {
        do throws(BencodeError) {
            let again = Self.rewritten(try BencodeValue(parsing: bytes)).encoded()
            if again != bytes { Issue.record("\(bytes)") }
        } catch {
            return
        }
    }
}
