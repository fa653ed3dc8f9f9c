/// One option of a command: its description, and where in `Options` its value goes.
package struct Option<Options: CommandOptions>: Sendable {
    private(set) var description: OptionDescription
    /// Says whether the text was a value of the declared kind. A flag gets an empty text.
    let assign: @Sendable (inout Options, String) -> Bool
}

extension Option {
    /// The same, which may also be written `-o`.
    package func orShort(_ letter: Character) -> Option {
        var option = self
        option.description.letter = letter
        return option
    }

    /// Off unless it is written.
    package static func flag(
        _ name: String, into target: any WritableKeyPath<Options, Bool> & Sendable, _ text: String
    ) -> Option {
        Option(description: .flag(name, text)) { options, _ in
            options[keyPath: target] = true
            return true
        }
    }

    /// An option whose default is what a fresh `Options` holds; the help shows that very value.
    package static func value<Value>(
        _ name: String, _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value> & Sendable, _ text: String
    ) -> Option {
        let description = OptionDescription(
            name: name, value: .init(metavar: metavar, kind: syntax.kind),
            defaultText: syntax.show(Options()[keyPath: target]), text: text)
        return Option(description: description) { options, word in
            guard let value = syntax.read(word) else { return false }
            options[keyPath: target] = value
            return true
        }
    }

    /// An option whose default depends on other arguments: nothing until it is written, and
    /// `defaultText` says in words what then holds.
    package static func value<Value>(
        _ name: String, _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value?> & Sendable, default defaultText: String,
        _ text: String
    ) -> Option {
        let description = OptionDescription(
            name: name, value: .init(metavar: metavar, kind: syntax.kind),
            defaultText: defaultText, text: text)
        return Option(description: description) { options, word in
            guard let value = syntax.read(word) else { return false }
            options[keyPath: target] = value
            return true
        }
    }

    /// An option that may be written several times, each of which adds a value.
    package static func values<Value>(
        _ name: String, _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, [Value]> & Sendable,
        default defaultText: String, _ text: String
    ) -> Option {
        let description = OptionDescription(
            name: name, value: .init(metavar: metavar, kind: syntax.kind),
            defaultText: defaultText, text: text)
        return Option(description: description) { options, word in
            guard let value = syntax.read(word) else { return false }
            options[keyPath: target].append(value)
            return true
        }
    }
}
