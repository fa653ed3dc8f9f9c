import Foundation
import Testing
import Vocabulary

@testable import Content

/// Each row of the tables in docs/filters.md.
@Suite struct FilterTableTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let first: String
        let path: String
        let isCopied: Bool

        var testDescription: String { "\(first): \(path)" }
        var isFolder: Bool { path.hasSuffix("/") }
        var parts: [String] { path.split(separator: "/").map(String.init) }
    }

    /// The rows below the heading of a table.
    private static func rows(_ heading: String) -> [Row] {
        let path = #filePath.replacing(
            "Tests/ContentTests/FilterTableTests.swift", with: "docs/filters.md")
        let text = String(
            decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: Substring(heading)) else { return [] }
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(
                first: cells[0].filter { $0 != "`" }, path: cells[1].filter { $0 != "`" },
                isCopied: cells[2] == "yes")
        }
    }

    static let patternRows = rows("| options | path | copied |")
    static let nameRows = rows("| line | path | copied |")

    /// `--exclude 'x' --include y` as rules; quotes only hide nothing from a shell here.
    private static func rules(_ options: String) throws -> [FilterRule] {
        let words = options.split(separator: " ").map { $0.filter { $0 != "'" } }
        return try stride(from: 0, to: words.count, by: 2).map { position in
            try #require(["--exclude", "--include"].contains(words[position]))
            let pattern = try #require(GlobPattern(bytes: Array(words[position + 1].utf8)))
            return FilterRule(excludes: words[position] == "--exclude", pattern)
        }
    }

    /// As a walk meets the entry: first the folders above it.
    private static func copies(_ filter: PathFilter, _ row: Row) throws -> Bool {
        var isWhole = filter.names.isEmpty
        for count in 1...row.parts.count {
            let path = Array(row.parts.prefix(count).joined(separator: "/").utf8)
            let isFolder = row.isFolder || count < row.parts.count
            guard !filter.excludes(path[...], isFolder: isFolder) else { return false }
            guard !isWhole else { continue }
            switch filter.choice(of: path[...]) {
            case .none: return false
            case .passage: if !isFolder { return false }
            case .all: isWhole = true
            }
        }
        return true
    }

    @Test func theTablesAreThere() {
        #expect(Self.patternRows.count > 40)
        #expect(Self.nameRows.count > 5)
    }

    @Test(arguments: patternRows)
    func patternsMeanWhatThePageSays(row: Row) throws {
        let filter = PathFilter(rules: try Self.rules(row.first))
        #expect(try Self.copies(filter, row) == row.isCopied)
    }

    @Test(arguments: nameRows)
    func namesMeanWhatThePageSays(row: Row) throws {
        let list = Array((row.first + "\nother\n").utf8)
        let filter = PathFilter(names: try NameList.parsing(list))
        #expect(try Self.copies(filter, row) == row.isCopied)
    }

    /// What the page says is what rsync does.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rsync")),
        arguments: patternRows)
    func rsyncAgrees(row: Row) throws {
        let files = FileManager.default
        let scratch = files.temporaryDirectory.appending(path: "filter-\(UUID().uuidString)")
        defer {
            do { try files.removeItem(at: scratch) } catch { print("\(scratch): \(error)") }
        }
        let source = scratch.appending(path: "s").path
        let entry = source + "/" + row.parts.joined(separator: "/")
        let folder = row.isFolder ? entry : (entry as NSString).deletingLastPathComponent
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if !row.isFolder { #expect(files.createFile(atPath: entry, contents: nil)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/rsync")
        let words = row.first.split(separator: " ").map { $0.filter { $0 != "'" } }
        process.arguments = ["-r"] + words + [source + "/", scratch.path + "/d/"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let copy = scratch.path + "/d/" + row.parts.joined(separator: "/")
        #expect(files.fileExists(atPath: copy) == row.isCopied)
    }
}
