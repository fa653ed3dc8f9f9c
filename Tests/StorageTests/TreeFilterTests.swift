import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The entries of a source that a filter leaves.
@Suite struct TreeFilterTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A line for each entry.
    private func text(_ entries: [TreeEntry]) -> [String] {
        entries.map { entry in
            switch entry.body {
            case .folder: "\(entry.path)/"
            case .file(let length, _): "\(entry.path) \(length)"
            case .link: "\(entry.path) ->"
            case .sameFile(let first): "\(entry.path) = \(first)"
            }
        }
    }

    private func filter(_ rules: String..., names: [String] = []) throws -> PathFilter {
        PathFilter(
            rules: try rules.map { text in
                let pattern = try #require(GlobPattern(bytes: Array(text.utf8.dropFirst())))
                return FilterRule(excludes: text.hasPrefix("-"), pattern)
            }, names: try names.map { try RelativePath($0) })
    }

    private func list(_ source: String, _ filter: PathFilter) throws -> TreeListing {
        try TreeListing(of: scratch.path(source), as: try RelativePath("top"), filter: filter)
    }

    /// Neither its entries nor its links and permissions are examined.
    @Test func excludedEntriesAreNotRead() throws {
        for folder in ["t/logs/deep", "t/a", "t/keep"] { try scratch.folder(folder) }
        for file in ["t/logs/deep/x", "t/a/x.tmp", "t/a/y", "t/z.tmp", "t/keep/logs"] {
            try scratch.put("1", file)
        }
        try scratch.link("t/a/l.tmp", to: "nowhere")
        #expect(unsafe mkfifo(scratch.path("t/a/p.tmp"), 0o600) == 0)
        let listing = try list("t", try filter("-*.tmp", "-logs/"))
        #expect(
            text(listing.entries) == [
                "top/", "top/a/", "top/a/y 1", "top/keep/", "top/keep/logs 1",
            ]
        )
        #expect(
            listing.excluded.map(\.description) == [
                "top/a/l.tmp", "top/a/p.tmp", "top/a/x.tmp", "top/logs", "top/z.tmp",
            ])
        #expect(listing.leftOut.isEmpty)
    }

    /// The first name that is not excluded counts as the file.
    @Test func anExcludedNameOfAFileIsNoFirstName() throws {
        try scratch.folder("t")
        try scratch.put("1", "t/a")
        for name in ["t/b", "t/c"] {
            #expect(unsafe Glibc.link(scratch.path("t/a"), scratch.path(name)) == 0)
        }
        let listing = try list("t", try filter("-a"))
        #expect(text(listing.entries) == ["top/", "top/b 1", "top/c = top/b"])
    }

    @Test func onlyNamedEntriesAreListed() throws {
        for folder in ["t/a/b", "t/c/d"] { try scratch.folder(folder) }
        for file in ["t/a/x", "t/a/y", "t/a/b/z", "t/c/d/e", "t/c/d/e.o", "t/f", "t/g"] {
            try scratch.put("1", file)
        }
        let listing = try list(
            "t", try filter("-*.o", names: ["a/x", "c", "f/below", "g", "nothing"]))
        #expect(
            text(listing.entries) == [
                "top/", "top/a/", "top/a/x 1", "top/c/", "top/c/d/", "top/c/d/e 1", "top/g 1",
            ])
        #expect(listing.excluded.map(\.description) == ["top/c/d/e.o"])
    }

    /// The source stays, because the user named it.
    @Test func theSourceItselfIsNeverExcluded() throws {
        try scratch.put("1", "f.tmp")
        #expect(text(try list("f.tmp", try filter("-*")).entries) == ["top 1"])
    }
}
