import Glibc
import Vocabulary

/// Decides which libraries are copied. The real paths of folders are compared, because `/lib` may
/// be a link to `/usr/lib`, and a path with `..` may leave a folder again.
struct LibraryChoice {
    private let added: Set<String>
    private let rules: [FilterRule]
    private let skipped: [String]

    init(_ terms: LibraryTerms) {
        added = Set(terms.added)
        rules = terms.rules
        skipped = terms.skippedFolders.map { folder in
            do throws(StorageError) { return try LibrarySearch.realPath(folder) } catch {
                return folder
            }
        }
    }

    func takes(_ file: String) throws(StorageError) -> Bool {
        guard !added.contains(file) else { return true }
        let slash = file.lastIndex(of: "/")
        let folder = try LibrarySearch.realPath(slash.map { String(file[...$0]) } ?? ".")
        let name = slash.map { file[file.index(after: $0)...] } ?? file[...]
        let path = (folder == "/" ? "/" : folder + "/") + name
        let bytes = Array(path.utf8.dropFirst())
        if let rule = rules.first(where: { Self.matches($0.pattern, bytes) }) {
            return !rule.excludes
        }
        return !skipped.contains { folder in
            let isRoot = folder.utf8.last == UInt8(ascii: "/")
            return path.utf8.starts(with: (isRoot ? folder : folder + "/").utf8)
        }
    }

    private static func matches(_ pattern: GlobPattern, _ path: [UInt8]) -> Bool {
        pattern.matches(path[...], isFolder: false)
            || path.indices.contains {
                path[$0] == UInt8(ascii: "/") && pattern.matches(path[..<$0], isFolder: true)
            }
    }
}
