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
        ("", LabelFlaw.empty), ("a b", .control), ("a\n", .control), ("\u{7F}", .control),
        (String(repeating: "x", count: 65), .tooLong(byteCount: 65)),
    ])
    func badLabelsAreRefused(label: String, flaw: LabelFlaw) {
        var table = LabelTable()
        #expect(throws: flaw) { try table.append(Array(label.utf8)[...]) }
        #expect(table == LabelTable())
    }

    @Test(arguments: [("a", LabelFlaw.unended), ("a\n\nb\n", .empty), ("a\nb c\n", .control)])
    func badTextIsRefused(text: String, flaw: LabelFlaw) {
        #expect(throws: flaw) { try LabelTable(text: Array(text.utf8)) }
    }

    @Test func bytesBeyondASCIIPass() throws {
        var table = LabelTable()
        try table.append([0xFF, 0x80])
        #expect(table.text == [0xFF, 0x80, 0x0A])
    }
}
