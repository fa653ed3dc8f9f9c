import Content
import Testing
import Vocabulary

@testable import Storage

/// Links that would multiply the files of a source.
@Suite struct FollowedLinksTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The error of the listing; nil if there is none.
    private func list(
        visitsMax: Int = 1000, countMax: Int = 1_000_000, depthMax: Int = 100
    ) throws -> StorageError? {
        let name = try RelativePath("t")
        do throws(StorageError) {
            let lister = try TreeLister(
                path: scratch.path("t"), name: name, follows: true, preserves: false,
                repeats: LinkRepeats(
                    visitsMax: visitsMax, countMax: countMax, depthMax: depthMax))
            _ = try lister.list()
            return nil
        } catch { return error }
    }

    @Test func aCycleThroughSeveralLinksEnds() throws {
        try scratch.folder("t/a")
        try scratch.folder("t/b")
        try scratch.link("t/a/to-b", to: "../b")
        try scratch.link("t/b/to-a", to: "../a")
        #expect(
            try list() == .endless(path: scratch.path("t/a/to-b/to-a")))
    }

    /// Twenty folders, each with two links to the next, would list the last one a million times.
    @Test func filesMultipliedByLinksAreBounded() throws {
        for level in 0..<20 {
            try scratch.folder("t/\(level)")
            guard level < 19 else { continue }
            for name in ["x", "y"] { try scratch.link("t/\(level)/\(name)", to: "../\(level + 1)") }
        }
        guard case .visited(_, 200) = try list(visitsMax: 200) else {
            Issue.record("visits are not bounded")
            return
        }
        guard case .repeated(_, 1000) = try list(countMax: 1000) else {
            Issue.record("entries are not bounded")
            return
        }
        guard case .tooDeep(_, 10) = try list(depthMax: 10) else {
            Issue.record("depth is not bounded")
            return
        }
    }

    @Test func theTargetOfTwoLinksIsListedTwice() throws {
        try scratch.folder("t/a/b")
        try scratch.put("1", "t/a/b/f")
        try scratch.link("t/x", to: "a")
        try scratch.link("t/y", to: "a/b")
        let listing = try TreeListing(
            of: scratch.path("t"), as: RelativePath("t"), follows: true)
        #expect(
            listing.entries.map(\.path.description) == [
                "t", "t/a", "t/a/b", "t/a/b/f", "t/x", "t/x/b", "t/x/b/f", "t/y", "t/y/f",
            ])
    }
}
