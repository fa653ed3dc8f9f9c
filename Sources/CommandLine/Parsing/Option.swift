/// One option of a command: its description, and where in `Options` its value goes.
package struct Option<Options: CommandOptions>: Sendable {
    private(set) var description: OptionDescription
    /// Returns whether the text was a value of the declared kind. A switch gets an empty text, or
    /// `off`.
    let assign: @Sendable (inout Options, String) -> Bool
}

extension Option {
    /// The same, which may also be written `-o`.
    package func orShort(_ letter: Character) -> Option {
        var option = self
        option.description.letter = letter
        return option
    }

    /// The same, whose value `word` may also be written `--no-NAME`.
    package func orNo(_ word: String) -> Option {
        var option = self
        option.description.negatedValue = word
        return option
    }

    /// The same, accepted on the command line only.
    package func onlyTyped() -> Option {
        var option = self
        option.description.isTypedOnly = true
        return option
    }

    func inGroup(_ group: OptionGroup) -> Option {
        var option = self
        option.description.group = group
        return option
    }

    /// A switch. One that a fresh `Options` has on is turned off by `--no-NAME`.
    package static func flag(
        _ name: String, into target: any WritableKeyPath<Options, Bool> & Sendable, _ text: String
    ) -> Option {
        let option = Option(description: .flag(name, text)) { options, word in
            options[keyPath: target] = word != OptionDescription.off
            return true
        }
        return Options()[keyPath: target] ? option.orNo(OptionDescription.off) : option
    }

    /// A switch that may also have a value behind `=`. Alone it means `implied`.
    package static func switching<Value: Equatable>(
        _ name: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value> & Sendable, implied: Value, _ text: String
    ) -> Option {
        var description = OptionDescription.flag(name, text)
        if case .choice(let words) = syntax.kind { description.attachedWords = words }
        let none = Options()[keyPath: target]
        return Option(description: description) { options, word in
            guard !word.isEmpty, word != OptionDescription.off else {
                options[keyPath: target] = word.isEmpty ? implied : none
                return true
            }
            guard let value = syntax.read(word) else { return false }
            options[keyPath: target] = value
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

    /// An option that holds nothing until it is written. `defaultText` describes what holds until
    /// then; it is nothing where that needs no words.
    package static func value<Value>(
        _ name: String, _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value?> & Sendable,
        default defaultText: String? = nil, _ text: String
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

    /// An option that may be written several times; each time adds a value.
    package static func values<Value>(
        _ name: String, _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, [Value]> & Sendable,
        default defaultText: String? = nil, _ text: String
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
