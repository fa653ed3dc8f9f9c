import Testing
import Vocabulary

@testable import Content

@Suite struct PathFilterTests {
    private func rule(_ excludes: Bool, _ text: String) throws -> FilterRule {
        FilterRule(excludes: excludes, try #require(GlobPattern(bytes: Array(text.utf8))))
    }

    @Test(arguments: ["", "/", "//", "[", "a[b", "[]", "[!]", "x[a-", "[\\", "[[:digit:]"])
    func patternsThatCannotMatchAreRefused(text: String) {
        #expect(GlobPattern(bytes: Array(text.utf8)) == nil)
    }

    /// One star after another costs no more than their product.
    @Test func manyStarsEnd() throws {
        let pattern = try #require(
            GlobPattern(bytes: Array((String(repeating: "**a*", count: 40) + "b").utf8)))
        let path = [UInt8](repeating: UInt8(ascii: "a"), count: 4000)
        #expect(!pattern.matches(path[...], isFolder: false))
        #expect(pattern.matches((path + [UInt8(ascii: "b")])[...], isFolder: false))
    }

    /// The same as a reference that tries everything, for all short patterns and paths.
    @Test func shortPatternsMatchAsAReferenceDoes() throws {
        func takes(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            guard first == UInt8(ascii: "*") else {
                guard let byte = text.first else { return false }
                let isRight =
                    first == UInt8(ascii: "?") ? byte != UInt8(ascii: "/") : first == byte
                return isRight && takes(pattern.dropFirst(), text.dropFirst())
            }
            let stars = pattern.prefix { $0 == UInt8(ascii: "*") }
            let rest = pattern.dropFirst(stars.count)
            for count in 0...text.count {
                if stars.count == 1, text.prefix(count).contains(UInt8(ascii: "/")) { break }
                if takes(rest, text.dropFirst(count)) { return true }
            }
            return false
        }
        func words(_ letters: String, upTo length: Int) -> [[UInt8]] {
            var all: [[UInt8]] = [[]]
            var last = all
            for _ in 0..<length {
                last = last.flatMap { word in letters.utf8.map { word + [$0] } }
                all += last
            }
            return all
        }
        let paths = words("a/b", upTo: 5).filter { path in
            do { return try RelativePath(bytes: path).utf8 == path } catch { return false }
        }
        for body in words("a/*?", upTo: 5) where body.last != UInt8(ascii: "/") {
            let text = [UInt8(ascii: "/")] + body
            guard let pattern = GlobPattern(bytes: text), !body.isEmpty,
                !body.suffix(3).elementsEqual("***".utf8)
            else { continue }
            for path in paths {
                #expect(
                    pattern.matches(path[...], isFolder: true) == takes(body[...], path[...]),
                    "\(String(decoding: text, as: UTF8.self)) \(path)")
            }
        }
    }

    @Test func itTravels() throws {
        let filter = PathFilter(
            rules: [try rule(true, "*.o"), try rule(false, "/a/**"), try rule(true, "-x")],
            names: [try RelativePath("a/b"), try RelativePath("c\u{e9}")])
        #expect(PathFilter(parsing: filter.encoded) == filter)
        #expect(PathFilter(parsing: []) == PathFilter())
        let bytes = filter.encoded
        for count in 1..<bytes.count where bytes[count - 1] != 0 {
            #expect(PathFilter(parsing: Array(bytes[..<count])) == nil)
        }
        for text in ["\0", "x\0", "-\0", "=../a\0", "=\0", "-a\0\0"] {
            #expect(PathFilter(parsing: Array(text.utf8)) == nil, "\(Array(text.utf8))")
        }
    }

    @Test func namesComeFromLinesOrFields() throws {
        func names(_ text: String) throws(NameListError) -> [String] {
            try NameList.parsing(Array(text.utf8)).map(\.description)
        }
        #expect(try names("a\n\n# b\n;c\n./d/\n//e\nd") == ["a", "d", "e"])
        #expect(try names("a\n#b\0\0./c\0") == ["a\n#b", "c"])
        #expect(try names(".\na") == ["a"])
        for text in ["", "\n", "#a\n", "\0", "."] {
            #expect(throws: NameListError.empty) { try names(text) }
        }
        #expect(throws: NameListError.badName(2, Array("a/../b".utf8), .climbs)) {
            try names("x\na/../b\n")
        }
    }

    /// A name that a pattern excludes is not missing.
    @Test func onlyNamesThatAreNotExcludedAreExpected() throws {
        let filter = PathFilter(
            rules: [try rule(true, "*.o"), try rule(true, "logs/")],
            names: try ["a", "b.o", "logs/x", "logs", "c/logs"].map { try RelativePath($0) })
        #expect(filter.expected.map(\.description) == ["a"])
    }
}
