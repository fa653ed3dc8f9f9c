import Testing
import Vocabulary

@testable import Content

@Suite struct ClassicInputTests {
    static let good = "2\nf1 3\naa\nbb\naa\nf2 0\n2\nf3\nf1\n"

    static func parse(_ text: String) throws(ClassicInputError) -> ClassicInput {
        try ClassicInput(parsing: Array(text.utf8))
    }

    static func labels(_ text: String) throws -> OwnedFile.Body {
        .labels(try LabelTable(text: Array(text.utf8)))
    }

    static func path(_ text: String) throws -> RelativePath { try RelativePath(text) }

    @Test(arguments: [
        good,
        good.replacing("\n", with: "\r\n"),
        String(good.dropLast()),
        good.replacing("\n", with: " \t\n\n"),
        good.replacing("\n", with: " "),
        "\n\n " + good + "\n\n\u{0B}\u{0C}",
        good.replacing("f1 3", with: "f1\n0003"),
    ])
    func allTheWaysToWriteTheSame(text: String) throws {
        let input = try Self.parse(text)
        #expect(
            input.owned == [
                OwnedFile(name: try Self.path("f1"), body: try Self.labels("aa\nbb\naa\n")),
                OwnedFile(name: try Self.path("f2"), body: try Self.labels("")),
            ])
        #expect(input.wanted == [try Self.path("f3"), try Self.path("f1")])
    }

    @Test func nothingOwnedNothingWanted() throws {
        let input = try Self.parse("0 0")
        #expect(input.owned.isEmpty && input.wanted.isEmpty)
    }

    @Test func segmentsAreAnyText() throws {
        let input = try Self.parse("1 f 4 - . ünï @\n0")
        #expect(input.owned.first?.body == (try Self.labels("-\n.\nünï\n@\n")))
        let error = #expect(throws: ClassicInputError.self) {
            try ClassicInput(parsing: Array("1\nf 1\n".utf8) + [0x61, 0xFF] + Array("\n0".utf8))
        }
        #expect(error?.line == 3)
        #expect(error?.flaw == .badSegment(.notText, token: [0x61, 0xFF]))
    }

    @Test func realBytesAreNamedByAPath() throws {
        let input = try Self.parse("3 x @d/e.bin @y 1 @z @ @w 0")
        #expect(
            input.owned == [
                OwnedFile(name: try Self.path("x"), body: .bytes(try Self.path("d/e.bin"))),
                OwnedFile(name: try Self.path("@y"), body: try Self.labels("@z\n")),
                OwnedFile(name: try Self.path("@"), body: .bytes(try Self.path("w"))),
            ])
    }

    static let long65 = String(repeating: "h", count: 65)
    static let long300 = String(repeating: "n", count: 300)

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let counts: [(String, Int, ClassicInputFlaw)] = [
        ("", 1, .ended(before: .ownedCount)),
        ("\n\n\n", 3, .ended(before: .ownedCount)),
        ("x\n", 1, .notACount(.ownedCount, token: bytes("x"))),
        ("\n-1\n", 2, .notACount(.ownedCount, token: bytes("-1"))),
        ("+1", 1, .notACount(.ownedCount, token: bytes("+1"))),
        ("1.0", 1, .notACount(.ownedCount, token: bytes("1.0"))),
        ("٣", 1, .notACount(.ownedCount, token: bytes("٣"))),
        ("1000001", 1, .countTooLarge(.ownedCount, max: 1_000_000)),
        (
            "99999999999999999999999", 1,
            .countTooLarge(.ownedCount, max: 1_000_000)
        ),
        ("1\nf 67108865\n", 2, .countTooLarge(.segmentCount, max: 67_108_864)),
        ("1\nf 4000000000", 2, .countTooLarge(.segmentCount, max: 67_108_864)),
        ("1\nf 67108864\nh\n", 3, .ended(before: .segment)),
        ("1000000\n", 1, .ended(before: .ownedName)),
        ("1\nf\n", 2, .ended(before: .segmentCount)),
        ("1\nf x\n", 2, .notACount(.segmentCount, token: bytes("x"))),
        ("1\nf 3\na\nb", 4, .ended(before: .segment)),
        ("1\nf 1\na\n", 3, .ended(before: .wantedCount)),
        ("0\nx", 2, .notACount(.wantedCount, token: bytes("x"))),
        ("0\n1000001", 2, .countTooLarge(.wantedCount, max: 1_000_000)),
        ("0\n2\nf\n\n", 4, .ended(before: .wantedName)),
        ("0\r\n1\r\nf\r\ng\r\n", 4, .trailing(token: bytes("g"))),
    ]

    static let names: [(String, Int, ClassicInputFlaw)] = [
        ("1\n../f 0\n0", 2, .badName(.climbs, token: bytes("../f"))),
        ("1\n.. 0\n0", 2, .badName(.climbs, token: bytes(".."))),
        ("1\n/f 0\n0", 2, .badName(.absolute, token: bytes("/f"))),
        ("1\na/b 0\n0", 2, .nameOfSeveralComponents(token: bytes("a/b"))),
        ("1\na\u{1B}b 0\n0", 2, .badName(.control, token: bytes("a\u{1B}b"))),
        ("0\n1\na\0\n", 3, .badName(.control, token: bytes("a\0"))),
        ("0\n1\n.\n", 3, .badName(.climbs, token: bytes("."))),
        ("0\n1\n\(long300)\n", 3, .badName(.tooLong, token: Array(bytes(long300).prefix(64)))),
        ("1\nf @\n0", 2, .badPath(.empty, token: bytes("@"))),
        ("1\nf @/etc/passwd\n0", 2, .badPath(.absolute, token: bytes("@/etc/passwd"))),
        ("1\nf @a/../b\n0", 2, .badPath(.climbs, token: bytes("@a/../b"))),
        (
            "1\nf 1\n\(long65)\n0", 3,
            .badSegment(
                .tooLong(characterCount: 65), token: Array(bytes(long65).prefix(64)))
        ),
        ("1\nf 1\na\u{7}\n0", 3, .badSegment(.control, token: bytes("a\u{7}"))),
    ]

    @Test(arguments: counts + names)
    func badInputsAreRefusedWithALine(text: String, line: Int, flaw: ClassicInputFlaw) {
        let error = #expect(throws: ClassicInputError.self) { try Self.parse(text) }
        #expect(error?.line == line)
        #expect(error?.flaw == flaw)
    }

    @Test func namesAreGivenOnce() throws {
        let twice = try Self.path("f")
        let owned = #expect(throws: ClassicInputError.self) { try Self.parse("2\nf 0\nf 0\n0") }
        #expect(owned?.line == 3)
        #expect(owned?.flaw == .ownedTwice(twice))
        let wanted = #expect(throws: ClassicInputError.self) { try Self.parse("0\n2\nf\nf") }
        #expect(wanted?.line == 4)
        #expect(wanted?.flaw == .wantedTwice(twice))
    }

    @Test func theLongestNameThatFitsPasses() throws {
        let longest = String(repeating: "n", count: ClassicInput.nameByteCountMax)
        #expect(ClassicInput.nameByteCountMax == 238)
        #expect(try Self.parse("0 1 \(longest)").wanted.count == 1)
        #expect(throws: ClassicInputError.self) { try Self.parse("0 1 \(longest)n") }
    }

    /// Whatever is done to an input, there is an answer, and an error's line exists.
    @Test func mutilatedInputsAreAnswered() {
        var chance = Chance(seed: 2)
        let alphabet = Array("0123456789 \n\r@/.fax-\u{1B}\0".utf8) + [0x80, 0xFF]
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.good.utf8)
            for _ in 0...chance.below(4) {
                let position = chance.below(bytes.count + 1)
                switch chance.below(3) {
                case 0: bytes.insert(alphabet[chance.below(alphabet.count)], at: position)
                case 1: bytes.removeSubrange(min(position, bytes.count - 1)...)
                default:
                    if position < bytes.count {
                        bytes[position] = alphabet[chance.below(alphabet.count)]
                    }
                }
                if bytes.isEmpty { break }
            }
            let lineFeeds = bytes.count { $0 == 10 }
            let lineCount = max(1, bytes.last == 10 ? lineFeeds : lineFeeds + 1)
            do throws(ClassicInputError) {
                _ = try ClassicInput(parsing: bytes)
                accepted += 1
            } catch {
                if !(1...lineCount).contains(error.line) {
                    Issue.record("round \(round): line \(error.line) of \(lineCount)")
                }
            }
        }
        #expect(accepted > 0, "the mutations are gentle enough to reach the end")
    }
}
