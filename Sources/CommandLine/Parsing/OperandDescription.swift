/// One operand (an argument without a name) as help, completion and errors see it.
package struct OperandDescription: Hashable, Sendable {
    package enum Arity: Hashable, Sendable {
        case one
        case optional
        case oneOrMore
        /// As one or more; the metavar names them and, apart, the last one.
        case several
    }

    package let metavar: String
    package let kind: ValueKind
    package let arity: Arity
    package let text: String

    /// `DIR`, `[COMMAND]`, `FILE...`
    package var spelling: String {
        switch arity {
        case .one: metavar
        case .optional: "[\(metavar)]"
        case .oneOrMore: "\(metavar)..."
        case .several: metavar
        }
    }
}
