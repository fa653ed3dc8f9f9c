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

    /// Some libraries go on, after a comma, in parentheses or on further lines, with their build
    /// options.
    var line: String {
        var first = found.prefix { !$0.isNewline && $0 != "," && $0 != "(" }
        while first.last == " " { first.removeLast() }
        if first.isEmpty { first = "unknown" }
        let rest = builtFor.map { " (built for \($0))" } ?? ""
        return name + String(repeating: " ", count: max(1, 14 - name.count)) + first + rest
    }
}
