/// What one command was asked to do. A command is one file that declares such a type with its
/// table, and one line in `Command.all`; parsing, help and completion follow from the table.
package protocol CommandOptions: Hashable, Sendable {
    /// Every option at its default. Operands that must be written hold anything.
    init()

    static var table: CommandTable<Self> { get }

    /// An answer where the command line alone decides it, else a request.
    func outcome(in program: Program) throws(UsageError) -> Outcome
}
