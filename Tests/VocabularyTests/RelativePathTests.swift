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

    static let refused: [(String, PathError)] = [
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
    func hostilePathsAreRefused(text: String, flaw: PathError) {
        #expect(throws: flaw) { try RelativePath(text) }
    }

    static let notText: [[UInt8]] = [
        [0xFF], [0x61, 0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x61, 0xE2, 0x80],
    ]

    @Test(arguments: notText)
    func bytesThatAreNotTextAreRefused(bytes: [UInt8]) {
        #expect(throws: PathError.notText) { try RelativePath(utf8: bytes) }
    }

    /// What lies on a disk may have any name that a disk takes, and is shown without its odd bytes.
    @Test(
        arguments: [
            ([0x61, 0x09, 0x62, 0x0A], "a\tb\n"), ([0xFF, 0x2F, 0x61, 0xC3], "\\xff/a\\xc3"),
            ([0xC3, 0xA9, 0x05, 0x80], "é\u{5}\\x80"), ([0xE2, 0x80, 0xAE], "\u{202E}"),
        ] as [([UInt8], String)])
    func anyBytesAreNames(bytes: [UInt8], shown: String) throws {
        let path = try RelativePath(bytes: bytes)
        #expect(path.utf8 == bytes)
        #expect(path.description == shown)
        #expect(path.systemName == bytes.map { CChar(bitPattern: $0) } + [0])
    }

    static let impossible: [([UInt8], PathError)] = [
        ([], .empty), (Array("/a".utf8), .absolute), (Array("a//b".utf8), .emptyComponent),
        (Array("a/".utf8), .emptyComponent), (Array(".".utf8), .climbs),
        (Array("a/../b".utf8), .climbs), ([0xFF, 0x2F, 0x2E, 0x2E], .climbs),
        ([0x61, 0x00], .control), ([UInt8](repeating: 0xFF, count: 256), .tooLong),
        ([UInt8](repeating: 0x61, count: 4097), .tooLong),
    ]

    @Test(arguments: impossible)
    func impossibleNamesAreRefusedAsBytesToo(bytes: [UInt8], flaw: PathError) {
        #expect(throws: flaw) { try RelativePath(bytes: bytes) }
    }

    /// The same letter, composed and decomposed: two files on disk.
    @Test func sameMeansSameBytes() throws {
        #expect(try RelativePath("\u{E9}") != RelativePath("e\u{301}"))
        #expect(try RelativePath("a") < RelativePath("a/b"))
        #expect(try RelativePath("B") < RelativePath("a"))
    }
}
