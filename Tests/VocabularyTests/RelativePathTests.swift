import Testing
import Vocabulary

@Suite struct RelativePathTests {
    static let component = String(repeating: "n", count: 255)
    /// 16 components of 255 bytes and 15 strokes, and then up to 4096.
    static let longest = Array(repeating: component, count: 16).joined(separator: "/")

    @Test(arguments: [
        "a", "a/b", "...", ".a", "a..", "a b", "-", "@", "é", "日本/語", "a\\b", "c:", "~",
        component, longest,
    ])
    func harmlessPathsPass(text: String) throws {
        let path = try RelativePath(text)
        #expect(path.utf8 == Array(text.utf8))
        #expect(path.description == text)
        #expect(path.isSingleName == !text.contains("/"))
    }

    static let refused: [(String, PathFlaw)] = [
        ("", .empty), ("/", .absolute), ("/a", .absolute), ("//a", .absolute),
        (".", .climbs), ("..", .climbs), ("a/..", .climbs), ("../a", .climbs),
        ("a/./b", .climbs), ("a/../b", .climbs),
        ("a/", .emptyComponent), ("a//b", .emptyComponent),
        ("a\0", .control), ("a\nb", .control), ("a\tb", .control), ("\u{1B}[2J", .control),
        ("\u{7F}", .control), ("\u{85}", .control), ("\u{9B}", .control),
        ("txt.\u{202E}exe", .control), ("a\u{2066}b", .control), ("a\u{200B}b", .control),
        ("\u{FEFF}a", .control), ("a\u{2028}b", .control), ("a\u{61C}b", .control),
        (component + "n", .tooLong), ("a/" + component + "n", .tooLong),
        (longest + "/n", .tooLong),
    ]

    @Test(arguments: refused)
    func hostilePathsAreRefused(text: String, flaw: PathFlaw) {
        #expect(throws: flaw) { try RelativePath(text) }
    }

    static let notText: [[UInt8]] = [
        [0xFF], [0x61, 0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x61, 0xE2, 0x80],
    ]

    @Test(arguments: notText)
    func bytesThatAreNotTextAreRefused(bytes: [UInt8]) {
        #expect(throws: PathFlaw.notText) { try RelativePath(utf8: bytes) }
    }

    /// The same letter, composed and decomposed: two files on disk.
    @Test func sameMeansSameBytes() throws {
        #expect(try RelativePath("\u{E9}") != RelativePath("e\u{301}"))
        #expect(try RelativePath("a") < RelativePath("a/b"))
        #expect(try RelativePath("B") < RelativePath("a"))
    }
}
