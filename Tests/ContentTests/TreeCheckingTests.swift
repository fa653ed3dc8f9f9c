import Content
import Testing
import Vocabulary

@Suite struct TreeCheckingTests {
    private func flaw(_ entries: [TreeEntry], pieceLength: Int64 = 64) -> TreeError? {
        do throws(TreeError) {
            _ = try TreeSamples.manifest(entries, pieceLength: pieceLength)
            return nil
        } catch {
            return error
        }
    }

    private func paths(_ text: String) throws -> [TreeEntry] {
        try text.split(separator: " ").map { path in
            path.hasSuffix("/")
                ? try TreeSamples.folder(String(path.dropLast()))
                : try TreeSamples.file(String(path), 1)
        }
    }

    @Test(arguments: [
        "", "a", "a b", "a/ a/b", "a/ a/b/ a/b/c a/d a- b", "a/ a/b a- a0", "A a",
        "a/ a/b/ a/b/c/ d/ d/b", "a/ a/a/ a/a/a aa/ aa/a",
    ])
    func treesInOrderAreTaken(text: String) throws { #expect(try flaw(paths(text)) == nil) }

    @Test(arguments: [
        ("a a", "a"), ("b a", "a"), ("a/b", "a/b"), ("a a/b", "a/b"), ("a/ a- a/b", "a/b"),
        ("a- a/ a/b", "a/"), ("a/ a/b/c", "a/b/c"), ("a/ a/b a/b/c", "a/b/c"), ("a/ ab/c", "ab/c"),
        ("a/ b a/c", "a/c"), ("a/ a/b/ c/ c/b/d", "c/b/d"), ("a/ a/a aa/a", "aa/a"),
    ])
    func misplacedEntriesAreNamed(text: String, path: String) throws {
        let path = try RelativePath(path.hasSuffix("/") ? String(path.dropLast()) : path)
        #expect(try flaw(paths(text)) == .misplaced(path))
    }

    static let sets: [(Int64, [(Int64, Int64)], Bool)] = [
        (0, [], true), (10, [], true), (10, [(0, 10)], true), (10, [(9, 10)], true),
        (10, [(0, 1), (2, 10)], true), (10, [(0, 1), (1, 10)], false),
        (10, [(0, 5), (4, 10)], false), (10, [(5, 10), (0, 4)], false), (10, [(0, 11)], false),
        (0, [(0, 1)], false), (10, [(0, 5), (0, 5)], false),
    ]

    @Test(arguments: sets)
    func extentsFitTheirFile(length: Int64, bounds: [(Int64, Int64)], isGood: Bool) throws {
        let body = TreeEntry.Body.file(length: length, extents: TreeSamples.extents(bounds))
        #expect(try flaw([TreeSamples.entry("f", body)]) == (isGood ? nil : .badEntry(0)))
    }

    @Test(arguments: [
        (0, UInt8(1), false), (1, 1, true), (4095, 255, true), (4096, 1, false), (3, 0, false),
    ])
    func targetsAreThoseOfTheSystem(count: Int, byte: UInt8, isGood: Bool) throws {
        let body = TreeEntry.Body.link(target: [UInt8](repeating: byte, count: count))
        #expect(try flaw([TreeSamples.entry("l", body)]) == (isGood ? nil : .badEntry(0)))
    }

    @Test func modesAreTwelveBits() throws {
        #expect(try flaw([TreeSamples.entry("d", .folder, mode: 0o7777)]) == nil)
        #expect(try flaw([TreeSamples.entry("d", .folder, mode: 0o10000)]) == .badEntry(0))
    }

    @Test func otherNamesAreOfEarlierFiles() throws {
        let first = try [TreeSamples.folder("a"), TreeSamples.file("a/f", 3)]
        func flaw(of name: String) throws -> TreeError? {
            let other = try TreeSamples.entry("b", .sameFile(as: RelativePath(name)))
            return try self.flaw(first + [other, TreeSamples.file("c", 1)])
        }
        #expect(try flaw(of: "a/f") == nil)
        for name in ["a", "b", "c", "a/g", "0"] { #expect(try flaw(of: name) == .badEntry(2)) }
    }

    @Test func sizesAreBounded() throws {
        let most = TreeManifest.totalMax
        func file(_ name: String, _ length: Int64) throws -> TreeEntry {
            try TreeSamples.entry(name, .file(length: length, extents: []))
        }
        let long: Int64 = 64 << 20
        #expect(try flaw([file("a", most)], pieceLength: long) == nil)
        #expect(try flaw([file("a", most), file("b", 1)], pieceLength: long) == .badGeometry)
        #expect(try flaw([file("a", .max), file("b", .max)], pieceLength: long) == .badGeometry)
        #expect(try flaw([file("a", -1)], pieceLength: long) == .badGeometry)
        #expect(try flaw([file("a", 1)], pieceLength: long + 1) == .badGeometry)
        #expect(try flaw([file("a", 1)], pieceLength: 0) == .badGeometry)
    }
}
