import Content
import Testing
import Vocabulary

@Suite struct LabelTableTests {
    @Test func labelsAreFoundAgain() throws {
        var table = LabelTable()
        for label in ["a", "bb", "a", String(repeating: "c", count: 64)] {
            try table.append(Array(label.utf8)[...])
        }
        #expect(table.count == 4)
        #expect(Array(table[PieceIndex(0)]) == Array("a".utf8))
        #expect(Array(table[PieceIndex(1)]) == Array("bb".utf8))
        #expect(Array(table[PieceIndex(2)]) == Array("a".utf8))
        #expect(table[PieceIndex(3)].count == 64)
        #expect(try LabelTable(text: table.text) == table)
    }

    @Test(arguments: [
        ("", LabelError.empty), ("a b", .control), ("a\n", .control), ("\u{7F}", .control),
        (String(repeating: "x", count: 65), .tooLong(characterCount: 65)),
    ])
    func badLabelsAreRefused(label: String, flaw: LabelError) {
        var table = LabelTable()
        #expect(throws: flaw) { try table.append(Array(label.utf8)[...]) }
        #expect(table == LabelTable())
    }

    @Test(arguments: [("a", LabelError.unended), ("a\n\nb\n", .empty), ("a\nb c\n", .control)])
    func badTextIsRefused(text: String, flaw: LabelError) {
        #expect(throws: flaw) { try LabelTable(text: Array(text.utf8)) }
    }

    static let wide = String(repeating: "\u{1F41D}", count: 64)

    @Test(arguments: ["-", ".", "ünï", "e\u{301}", "\u{A0}", wide])
    func textBeyondASCIIPasses(label: String) throws {
        var table = LabelTable()
        try table.append(Array(label.utf8)[...])
        #expect(table.text == Array("\(label)\n".utf8))
        #expect(try LabelTable(text: table.text) == table)
    }

    @Test(arguments: [
        (Array((wide + "é").utf8), LabelError.tooLong(characterCount: 65)),
        (Array("a\u{80}".utf8), .control), (Array("\u{85}".utf8), .control),
        (Array("\u{9F}b".utf8), .control),
        ([0xFF], .notText), ([0x61, 0x80], .notText), ([0xC0, 0xAF], .notText),
        ([0xED, 0xA0, 0x80], .notText), ([0x61, 0xE2, 0x80], .notText),
        ([0xF4, 0x90, 0x80, 0x80], .notText), ([UInt8](repeating: 0x80, count: 1000), .notText),
    ])
    func otherBytesAreRefused(label: [UInt8], flaw: LabelError) {
        var table = LabelTable()
        #expect(throws: flaw) { try table.append(label[...]) }
        #expect(throws: flaw) { try LabelTable(text: label + [10]) }
        #expect(table == LabelTable())
    }
}
