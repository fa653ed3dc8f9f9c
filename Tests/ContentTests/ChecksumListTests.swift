import Testing
import Vocabulary

@testable import Content

@Suite struct ChecksumListTests {
    private static let digits = String(repeating: "0aF9", count: 16)

    private func paths(_ text: String) throws(ChecksumListError) -> [String] {
        try ChecksumList(parsing: Array(text.utf8)).rows.map(\.path.description)
    }

    private func expectError(_ text: String, _ expected: ChecksumListError) {
        #expect(throws: expected) { try paths(text) }
    }

    @Test func linesOfSha256sumAreRead() throws {
        let text = """
            # a comment
            \(Self.digits)  a b
            \(Self.digits) *./c/d

            \\\(Self.digits)  e\\nf\\\\g\\r
            """
        #expect(try paths(text) == ["a b", "c/d", "e\nf\\g\r"])
        #expect(ChecksumList.isOne(Array(text.utf8)))
        let list = try ChecksumList(parsing: Array(text.utf8))
        #expect(list.rows[0].digest == (0..<16).flatMap { _ in [UInt8](arrayLiteral: 0x0A, 0xF9) })
        #expect(try ChecksumList(parsing: list.encoded) == list)
    }

    @Test func otherLinesAreRefused() {
        let digits = Self.digits
        expectError("", .empty)
        expectError("# \n", .empty)
        expectError("\(digits)  a\n\(digits)  a\n", .twice(line: 2))
        expectError("\(digits)  a\nb\n", .noDigest(line: 2))
        for text in [
            "\(digits) a", "\(digits)  ", "x\(digits.dropFirst())  a", "\(digits)0  a",
            "\(digits.dropLast())  a", "\\\(digits)  a\\", "\\\(digits)  a\\x",
        ] {
            expectError(text, .noDigest(line: 1))
        }
        expectError("\(digits)  ../a", .badName(line: 1, .climbs))
        expectError("\(digits)  /a", .badName(line: 1, .absolute))
        expectError("\(digits)  a//b", .badName(line: 1, .emptyComponent))
    }

    @Test(arguments: ["", "d4:name", "#", "name\n12\n", "\\"])
    func otherFilesAreNoLists(text: String) {
        #expect(!ChecksumList.isOne(Array(text.utf8)))
    }
}
