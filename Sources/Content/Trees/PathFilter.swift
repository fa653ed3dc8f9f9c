package import Vocabulary

/// The entries of a source that are staged: those that no rule excludes, and where paths are named,
/// only these, with all that lies in them. Paths are relative to the source.
///
/// It travels from rank 0 to all ranks, as fields that a zero byte ends: `-` or `+` and a pattern,
/// or `=` and a path.
package struct PathFilter: Hashable, Sendable {
    package let rules: [FilterRule]
    /// Empty where all are wanted.
    package let names: [RelativePath]
    private let named: Set<ArraySlice<UInt8>>
    /// The folders that the named paths lie in.
    private let above: Set<ArraySlice<UInt8>>

    package enum Choice: Equatable, Sendable {
        case none
        /// A folder that something named lies in.
        case passage
        /// The entry, and of a folder all that is in it.
        case all
    }

    package init(rules: [FilterRule] = [], names: [RelativePath] = []) {
        self.rules = rules
        self.names = names
        named = Set(names.map { $0.utf8[...] })
        above = Set(names.flatMap(\.foldersAbove).map { $0.utf8[...] })
    }

    package var isEmpty: Bool { rules.isEmpty && names.isEmpty }

    /// The first rule that matches decides.
    package func excludes(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        rules.first { $0.pattern.matches(path, isFolder: isFolder) }?.excludes ?? false
    }

    /// Of an entry in a folder of which not everything is wanted.
    package func choice(of path: ArraySlice<UInt8>) -> Choice {
        if names.isEmpty || named.contains(path) { return .all }
        return above.contains(path) ? .passage : .none
    }

    /// Whether an entry would be staged if it were in the source and the folders above it were.
    package func covers(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        guard !excludes(path, isFolder: isFolder) else { return false }
        guard !names.isEmpty else { return true }
        return path.indices.contains {
            path[$0] == UInt8(ascii: "/") && named.contains(path[..<$0])
        } || named.contains(path)
    }

    /// The named paths that no rule excludes, by themselves or with a folder above them.
    package var expected: [RelativePath] {
        names.filter { name in
            !excludes(name.utf8[...], isFolder: false) && !excludes(name.utf8[...], isFolder: true)
                && !name.foldersAbove.contains { excludes($0.utf8[...], isFolder: true) }
        }
    }
}

extension PathFilter {
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for rule in rules {
            bytes.append(rule.excludes ? UInt8(ascii: "-") : UInt8(ascii: "+"))
            bytes += rule.pattern.bytes + [0]
        }
        for name in names { bytes += [UInt8(ascii: "=")] + name.utf8 + [0] }
        return bytes
    }

    /// Nil where the bytes are no filter.
    package init?(parsing bytes: [UInt8]) {
        var rules: [FilterRule] = []
        var names: [RelativePath] = []
        guard bytes.isEmpty || bytes.last == 0 else { return nil }
        for field in bytes.dropLast().split(separator: 0, omittingEmptySubsequences: bytes.isEmpty)
        {
            let value = Array(field.dropFirst())
            switch field.first {
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard let pattern = GlobPattern(bytes: value) else { return nil }
                rules.append(FilterRule(excludes: field.first == UInt8(ascii: "-"), pattern))
            case UInt8(ascii: "="):
                do throws(PathError) { names.append(try RelativePath(bytes: value)) } catch {
                    return nil
                }
            default: return nil
            }
        }
        self.init(rules: rules, names: names)
    }
}
