/// One option as help, completion and errors see it.
package struct OptionDescription: Hashable, Sendable {
    package struct Value: Hashable, Sendable {
        package let metavar: String
        package let kind: ValueKind

        /// The text after the option's name in help: the words of a choice, otherwise the metavar.
        package var syntax: String {
            guard case .choice(let words) = kind else { return metavar }
            return words.joined(separator: "|")
        }
    }

    package let name: String
    /// Nothing for a switch.
    package let value: Value?
    /// Nothing for a switch, and where the absence of the option needs no words.
    package let defaultText: String?
    /// The purpose, in one sentence.
    package let text: String
    package var group = OptionGroup.output
    /// A second spelling of one hyphen and one letter.
    package var letter: Character?
    /// The value that `--no-NAME` stands for, where it may be written.
    package var negatedValue: String?
    /// The values that a switch may have behind `=`; it then means another value than alone.
    package var attachedWords: [String] = []
    /// Accepted on the command line only, and not from a variable or a file.
    package var isTypedOnly = false

    /// `--name`
    package var spelling: String { "--\(name)" }

    /// `--no-name`, where it may be written.
    package var negativeSpelling: String? { negatedValue.map { _ in "--no-\(name)" } }

    /// The spelling that help shows: of a switch that is on by default, the one that turns it off.
    package var shownSpelling: String {
        value == nil ? negativeSpelling ?? spelling : spelling
    }

    /// The long spellings that a completion offers.
    package var listedSpellings: [String] {
        value == nil && negatedValue != nil
            ? [shownSpelling] : [spelling] + (negativeSpelling.map { [$0] } ?? [])
    }

    /// All that it may be written as; the first is the one that errors use.
    package var spellings: [String] {
        [spelling] + (negativeSpelling.map { [$0] } ?? []) + (letter.map { ["-\($0)"] } ?? [])
    }

    /// The spellings after which a value follows.
    package var valueSpellings: [String] {
        value == nil ? [] : spellings.filter { $0 != negativeSpelling }
    }

    /// The text as help and man pages show it: what the option does, then the values of a number,
    /// the default, and what `--no-NAME` means.
    package var fullText: String {
        var remarks: [String] = []
        if let range = value?.kind.rangeText { remarks.append(range) }
        if let defaultText { remarks.append("default: \(defaultText)") }
        if value != nil, let negativeSpelling, let negatedValue {
            remarks.append("\(negativeSpelling): \(negatedValue)")
        }
        guard !remarks.isEmpty else { return text }
        return text.dropLast() + " (" + remarks.joined(separator: "; ") + ")."
    }

    static func flag(_ name: String, _ text: String) -> OptionDescription {
        OptionDescription(name: name, value: nil, defaultText: nil, text: text)
    }

    /// The negated value of a switch.
    static let off = "off"

    /// Every command has this one; it answers at once, whatever follows it.
    static let help = {
        var help = flag("help", "Show this help.")
        help.letter = "h"
        return help
    }()
}
