/// One option as help, completion and errors see it.
package struct OptionDescription: Hashable, Sendable {
    package struct Value: Hashable, Sendable {
        package let metavar: String
        package let kind: ValueKind
    }

    package let name: String
    /// Nothing for a flag.
    package let value: Value?
    package let defaultText: String
    /// What it does, in one sentence.
    package let text: String
    /// A second spelling of one hyphen and one letter.
    package var letter: Character?

    /// `--name`
    package var spelling: String { "--\(name)" }

    /// All that it may be written as; the first is the one that help and errors use.
    var spellings: [String] { [spelling] + (letter.map { ["-\($0)"] } ?? []) }

    static func flag(_ name: String, _ text: String) -> OptionDescription {
        OptionDescription(name: name, value: nil, defaultText: "off", text: text)
    }

    /// Every command has this one; it answers at once, whatever else was written after it.
    static let help = flag("help", "Show this help.")
}
