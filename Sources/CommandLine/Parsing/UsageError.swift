/// The reason why a command line was refused: the facts, without words. `command` is nothing where
/// the mistake stands before any command.
package enum UsageError: Error, Hashable {
    /// An argument that is not UTF-8, with what is not written as `\xNN`.
    case notText(String)
    case unknownCommand(String, nearest: String?)
    case unknownOption(String, command: String?, nearest: String?)
    /// An option of `command` that stands to the left of it, or without it.
    case optionBeforeCommand(String, command: String)
    case missingValue(option: OptionDescription, command: String)
    case unexpectedValue(String, of: String, command: String?)
    case invalidValue(String, of: String, expected: ValueKind, command: String)
    /// The name and the value of an environment variable, and what it takes.
    case invalidVariable(String, String, String, command: String)
    /// An environment variable that stands for no option, and the reason.
    case uselessVariable(String, String, command: String)
    /// An option in a file or a variable that has to be on the command line.
    case typedOnly(String, command: String)
    /// A file of options that cannot be read, or of which a line cannot be followed.
    case optionsFile(String, line: Int?, String, command: String)
    case missingOperand(OperandDescription, command: String)
    case unexpectedOperand(String, command: String)
    /// A file to write whose ending is that of another format.
    case otherEnding(String, format: String, ending: MakeOptions.Ending)
    /// A path names something in braces that is close to what a path may name there.
    case unknownPlaceholder(String, nearest: String, command: String)
    /// A path names something else in braces, where it keeps copies apart.
    case noPlaceholder(String, command: String)
    /// Two words that exclude each other.
    case incompatible(String, String, command: String)
    /// An option that means nothing without another one.
    case incomplete(String, without: String, command: String)
    case leaseTooShort(Duration, interval: Duration, command: String)
}
