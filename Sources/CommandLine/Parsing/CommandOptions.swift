/// The options of one command. A command is one file that declares such a type with its table, and
/// one line in `Command.all`; parsing, help and completion follow from the table.
package protocol CommandOptions: Hashable, Sendable {
    /// Every option at its default. An operand that is required may hold any value.
    init()

    static var table: CommandTable<Self> { get }

    /// An answer if the command line alone decides it, otherwise a request.
    func outcome(in program: Program) throws(UsageError) -> Outcome
}
