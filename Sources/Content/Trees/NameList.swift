package import Vocabulary

/// The paths in a file of `--files-from`: lines, or if the file has a zero byte, fields that zero
/// bytes end. Empty lines, `.`, and lines that begin with `#` or `;` name nothing.
package enum NameList {
    package static func parsing(_ bytes: [UInt8]) throws(NameListError) -> [RelativePath] {
        let hasZeros = bytes.contains(0)
        let separator = hasZeros ? 0 : UInt8(ascii: "\n")
        var names: [RelativePath] = []
        var seen: Set<RelativePath> = []
        let fields = bytes.split(separator: separator, omittingEmptySubsequences: false)
        for (number, field) in fields.enumerated() {
            if field.isEmpty || !hasZeros && "#;".utf8.contains(field[field.startIndex]) {
                continue
            }
            let bytes = plain(field)
            guard !bytes.isEmpty else { continue }
            do throws(PathError) {
                let name = try RelativePath(bytes: bytes)
                if seen.insert(name).inserted { names.append(name) }
            } catch { throw .badName(number + 1, Array(field), error) }
        }
        guard !names.isEmpty else { throw .empty }
        return names
    }

    /// Without `./` and slashes at the beginning, slashes at the end, and doubled ones: the output
    /// of `find` begins with `./`.
    private static func plain(_ field: ArraySlice<UInt8>) -> [UInt8] {
        let parts = field.split(separator: UInt8(ascii: "/")).filter { $0 != [UInt8(ascii: ".")] }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }
}
