/// One operand of a command: its description, and where in `Options` its value goes.
package struct Operand<Options: CommandOptions>: Sendable {
    let description: OperandDescription
    /// Returns whether the text was a value of the declared kind.
    let assign: @Sendable (inout Options, String) -> Bool
}

extension Operand {
    /// Must be written, so the value that a fresh `Options` holds in its place is never seen.
    package static func one<Value>(
        _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value> & Sendable, _ text: String
    ) -> Operand {
        declare(metavar, syntax, .one, text) { $0[keyPath: target] = $1 }
    }

    package static func optional<Value>(
        _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, Value?> & Sendable, _ text: String
    ) -> Operand {
        declare(metavar, syntax, .optional, text) { $0[keyPath: target] = $1 }
    }

    package static func oneOrMore<Value>(
        _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, [Value]> & Sendable, _ text: String
    ) -> Operand {
        declare(metavar, syntax, .oneOrMore, text) { $0[keyPath: target].append($1) }
    }

    /// One or more as well; the last one has another meaning than the others: `FROM... TO`.
    package static func several<Value>(
        _ metavar: String, _ syntax: ValueSyntax<Value>,
        into target: any WritableKeyPath<Options, [Value]> & Sendable, _ text: String
    ) -> Operand {
        declare(metavar, syntax, .several, text) { $0[keyPath: target].append($1) }
    }

    private static func declare<Value>(
        _ metavar: String, _ syntax: ValueSyntax<Value>, _ arity: OperandDescription.Arity,
        _ text: String, store: @escaping @Sendable (inout Options, Value) -> Void
    ) -> Operand {
        let description = OperandDescription(
            metavar: metavar, kind: syntax.kind, arity: arity, text: text)
        return Operand(description: description) { options, word in
            guard let value = syntax.read(word) else { return false }
            store(&options, value)
            return true
        }
    }
}
