extension UsageError {
    /// Bad usage and bad input, as opposed to files that could not be delivered.
    package static let exitStatus: Int32 = 2

    /// The only place where a usage error becomes words: one line, whatever was typed.
    package var line: String {
        if let command { return "mpiswarm: \(command): \(sentence)\n" }
        return "mpiswarm: \(sentence)\n"
    }

    private var command: String? {
        switch self {
        case .notText, .unknownCommand, .optionBeforeCommand: nil
        case .unknownOption(_, let command, _), .unexpectedValue(_, _, let command): command
        case .missingValue(_, let command), .invalidValue(_, _, _, let command),
            .invalidVariable(_, _, _, let command), .optionsFile(_, _, _, let command),
            .uselessVariable(_, _, let command), .typedOnly(_, let command),
            .missingOperand(_, let command), .unexpectedOperand(_, let command),
            .unknownPlaceholder(_, _, let command), .noPlaceholder(_, let command),
            .leaseTooShort(_, _, let command),
            .incompatible(_, _, let command), .incomplete(_, _, let command):
            command
        case .otherEnding: "make"
        }
    }

    var sentence: String {
        switch self {
        case .notText(let word):
            "argument \(quoted(word)) is not UTF-8: name the folder that holds it, or a link to it"
        case .unknownCommand(let word, let nearest):
            "unknown command \(quoted(word))"
                + (nearest.map(naming) ?? "; 'mpiswarm help' lists them")
        case .unknownOption(let word, let command, let nearest):
            "unknown option \(quoted(word))"
                + (nearest.map(naming)
                    ?? "; 'mpiswarm \(command.map { $0 + " " } ?? "")--help' lists them")
        case .optionBeforeCommand(let word, let command):
            "option \(quoted(word)) stands after its command, as in 'mpiswarm \(command) \(word)'"
        case .missingValue(let option, _):
            "option '\(option.spelling)' needs a value"
                + (option.value.map { ", \($0.kind.expectation)" } ?? "")
        case .unexpectedValue(let value, let option, _):
            "option \(quoted(option)) takes no value, but was given \(quoted(value))"
        case .invalidValue(let word, let name, let expected, _):
            "\(quoted(word)) is not a value for \(name), which takes \(expected.expectation)"
        case .invalidVariable(let name, let word, let expectation, _):
            "\(quoted(word)) is not a value for \(name), which takes \(expectation)"
        case .uselessVariable(let name, let reason, _): "\(quoted(name)): \(reason)"
        case .typedOnly(let option, _): "\(option) is accepted on the command line only"
        case .optionsFile(let path, let line, let reason, _):
            "--options \(quoted(path))\(line.map { ", line \($0)" } ?? ""): \(reason)"
        case .missingOperand(let operand, _):
            "\(operand.metavar) is missing (\(operand.text))"
        case .unexpectedOperand(let word, _):
            "unexpected argument \(quoted(word))"
        case .otherEnding(let file, let format, let ending):
            "--format \(format) writes a .\(ending.rawValue), and --output is \(quoted(file))"
        case .unknownPlaceholder(let word, let nearest, _):
            "a path names \(quoted(word))" + naming(nearest)
        case .noPlaceholder(let word, _):
            "a path names \(quoted(word)); known are {host} and {rank}"
        case .incompatible(let first, let second, _):
            "\(first) cannot be combined with \(second)"
        case .incomplete(let option, let other, _):
            "\(option) means nothing without \(other)"
        case .leaseTooShort(let lease, let interval, _):
            "a lease of \(lease.shortText) is too short: it takes at least three times "
                + "the \(interval.shortText) of --alive-interval, and that at least 10ms"
        }
    }

    private func naming(_ nearest: String) -> String { "; the nearest is '\(nearest)'" }
}

/// A word from outside, fit for a line of ours: control characters are written as escapes, and
/// what is longer than a line is cut.
private func quoted(_ word: String) -> String {
    let scalarsMax = 80
    var text = "'"
    for scalar in word.unicodeScalars.prefix(scalarsMax) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            text += scalar.escaped(asASCII: true)
        default: text.unicodeScalars.append(scalar)
        }
    }
    return text + (word.unicodeScalars.count > scalarsMax ? "...'" : "'")
}
