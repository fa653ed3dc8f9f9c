extension Program {
    var helpText: String {
        """
        mpiswarm puts files where an MPI job needs them.

        Usage:
          mpiswarm COMMAND [OPTION...] [OPERAND...]

        Commands:
        \(columns(commands.map { ($0.description.spelling, $0.description.summary) }))
        Options:
        \(columns(ProgramOption.allCases.map { $0.description.helpRow }))
        \(wrapped(Program.rules, indent: 0))
        Example:
          mpirun -np 4 mpiswarm run inputs/demo

        """
    }

    private static let rules =
        "'mpiswarm COMMAND --help' shows a command's options. A value is written --name value or "
        + "--name=value; of an option given twice the last one counts; -- ends the options. Sizes "
        + "are written 64K, 1M, 2G (powers of 1024), durations 200ms, 3s, 2m, "
        + "rates 100M, 25G (bits a second, powers of 1000)."

    func helpText(for command: CommandDescription) -> String {
        var text = wrapped("mpiswarm \(command.name): \(command.summary)", indent: 0) + "\n"
        let operands = command.operands.map { " \($0.spelling)" }.joined()
        text += "Usage:\n  mpiswarm \(command.name) [OPTION...]\(operands)\n\n"
        if !command.operands.isEmpty {
            text += "Operands:\n" + columns(command.operands.map { ($0.metavar, $0.text) }) + "\n"
        }
        text += "Options:\n" + columns(command.options.map(\.helpRow)) + "\n"
        text += "Example:\n  \(command.example)\n"
        return text
    }
}

extension OptionDescription {
    fileprivate var helpRow: (String, String) {
        let short = letter.map { "-\($0), " } ?? ""
        let left = short + (value.map { "\(spelling) \($0.metavar)" } ?? spelling)
        // Kept on one line, so that a search for "(default: 64K)" finds it.
        let remark = "(default: \(defaultText))".map { $0 == " " ? unbreakableBlank : $0 }
        return (left, text + " " + String(remark))
    }
}

private let lineWidth = 80
private let unbreakableBlank: Character = "\u{A0}"

/// Two columns, the right one wrapped; every line ends with a newline.
private func columns(_ rows: [(left: String, right: String)]) -> String {
    let indent = (rows.map(\.left.count).max() ?? 0) + 4
    return rows.map { row in
        let left = "  " + row.left
        let right = wrapped(row.right, indent: indent)
        return left + right.dropFirst(left.count)
    }.joined()
}

/// Breaks a text at blanks; a word that is longer than a line keeps its length.
private func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines = ""
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > lineWidth {
            lines += margin + line + "\n"
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
    }
    lines += margin + line + "\n"
    return String(lines.map { $0 == unbreakableBlank ? " " : $0 })
}
