/// The reason why a line of the control protocol is no command.
package enum ControlCommandError: Error, Equatable, Sendable {
    case notText
    case tooLong
    case openQuote
    case nothing
    case unknown(String)
    /// The syntax of a known command that was used wrongly.
    case usage(String)
    case badName(String)

    package var words: String {
        switch self {
        case .notText: "this is no UTF-8, or holds control characters"
        case .tooLong: "a line has at most \(ControlCommand.lineByteCountMax) bytes"
        case .openQuote: "a quote is not closed"
        case .nothing: "a command is missing; 'help' lists them"
        case .unknown(let word): "unknown command '\(word)'; 'help' lists them"
        case .usage(let spelling): "it is: \(spelling)"
        case .badName(let name): "'\(name)' can be no name of a file"
        }
    }
}
