/// A part that the program is made of, as `--version` names it.
package struct LibraryVersion: Hashable, Sendable {
    package let name: String
    /// The library's own words at run time.
    package let found: String
    /// The version whose headers the build used; nothing for a part of the program itself.
    package let builtFor: String?

    package init(name: String, found: String, builtFor: String? = nil) {
        self.name = name
        self.found = found
        self.builtFor = builtFor
    }

    /// The name and the number alone: `MPICH 4.0.2` of a page that begins with `MPICH Version:`.
    /// Some libraries add their build options after a comma, in parentheses or on further lines.
    package var shortFound: String {
        let first = found.prefix { !$0.isNewline && $0 != "," && $0 != "(" }
        let words = first.split(whereSeparator: \.isWhitespace).filter { $0 != "Version:" }
        return words.isEmpty ? "unknown" : words.joined(separator: " ")
    }

    var line: String {
        let first = shortFound
        let rest = builtFor.map { " (built for \($0))" } ?? ""
        return name + String(repeating: " ", count: max(1, 14 - name.count)) + first + rest
    }
}
