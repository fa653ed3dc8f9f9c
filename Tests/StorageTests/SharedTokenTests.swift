import Glibc
import Testing

@testable import Storage

/// Whether a rank sees the same folder as another one.
@Suite struct SharedTokenTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func sign(of token: borrowing SharedToken) throws -> SharedSign {
        try #require(SharedSign(parsing: token.sign.encoded))
    }

    @Test func aFolderThatExistsIsRecognised() throws {
        try scratch.folder("out")
        let token = try SharedToken(above: scratch.path("out"))
        let sign = try sign(of: token)
        #expect(sign == token.sign && sign.isSeen)
        #expect(try scratch.names("out").count == 1 && scratch.names() == ["out"])
    }

    @Test func nothingIsLeft() throws {
        try scratch.folder("out")
        let sign: SharedSign
        do {
            let token = try SharedToken(above: scratch.path("out"))
            sign = try self.sign(of: token)
        }
        #expect(try scratch.names("out") == [])
        #expect(!sign.isSeen, "another folder of that name has no token")
    }

    /// On another host it may exist, for instance as a mount of that host alone.
    @Test func whatDoesNotExistMustNotExistElsewhere() throws {
        let token = try SharedToken(above: scratch.path("a/b/c"))
        let sign = try sign(of: token)
        #expect(sign.isSeen)
        #expect(try scratch.names().count == 1)
        try scratch.folder("a")
        #expect(!sign.isSeen)
    }

    @Test func aFileIsNoFolder() throws {
        try scratch.put("x", "file")
        #expect(throws: StorageError.self) { _ = try SharedToken(above: scratch.path("file")) }
        #expect(try scratch.names() == ["file"])
    }

    @Test(arguments: ["", "a", "a\0b", "\0b\0", "a\0\0c", "a\0b\0c\0d"])
    func otherBytesAreNoSign(text: String) {
        #expect(SharedSign(parsing: Array(text.utf8)) == nil)
    }
}
