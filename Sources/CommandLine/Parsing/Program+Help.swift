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
        Exit codes:
        \(columns(Program.exitCodes))
        Example:
          mpirun -np 4 mpiswarm run inputs/demo

        """
    }

    static let rules =
        "'mpiswarm COMMAND --help' shows a command's options and values. A value is written "
        + "--name value or --name=value. When an option is given twice, the last one counts. -- "
        + "ends the options."

    static let exitCodes = [
        ("0", "success"),
        ("1", "a delivery or check failed, or rank 0 or a receiver was lost"),
        ("2", "bad usage or bad input; nothing was written"),
        ("130, 143", "a rank was interrupted (SIGINT, SIGTERM); mpirun returns 1"),
    ]

    func helpText(for command: CommandDescription) -> String {
        let operands = command.operands.map { " \($0.spelling)" }.joined()
        var text = wrapped("mpiswarm \(command.name): \(command.summary)", indent: 0)
        text += "Usage: mpiswarm \(command.name) [OPTION...]\(operands)\n"
        text += columns(command.operands.map { ($0.metavar, $0.text) })
        let groups = OptionGroup.allCases.filter { !command.shownOptions(in: $0).isEmpty }
        let indent = textColumn(command.options.map(\.helpRow))
        for group in groups {
            text += groups.count > 1 ? "\(group.rawValue):\n" : "Options:\n"
            text += columns(command.shownOptions(in: group).map(\.helpRow), indent: indent)
        }
        if let notations = command.notations { text += wrapped("Values: \(notations)", indent: 0) }
        let exits = command.exitCodes.map { "\($0.code) if \($0.condition)" }
        text += wrapped("Exit codes: \(exits.joined(separator: "; ")).", indent: 0)
        text += "Example: \(command.example)\n"
        return text
    }
}

extension CommandDescription {
    /// The reader has found `--help`.
    fileprivate func shownOptions(in group: OptionGroup) -> [OptionDescription] {
        options(in: group).filter { $0 != .help }
    }

    /// The notation of the values that this command takes, in one sentence.
    package var notations: String? {
        var notations: [String] = []
        for option in options {
            guard let notation = option.value?.kind.notation, !notations.contains(notation) else {
                continue
            }
            notations.append(notation)
        }
        return notations.isEmpty ? nil : notations.joined(separator: "; ") + "."
    }
}

extension OptionDescription {
    fileprivate var helpRow: (String, String) {
        let short = letter.map { "-\($0), " } ?? "    "
        let left = short + shownSpelling + (value.map { " \($0.syntax)" } ?? "")
        return (left, fullText)
    }
}

private let lineWidth = 100
/// A left column that is wider than this is followed by its text without alignment.
private let leftWidthMax = 30

/// The column at which the right part begins: beyond every left part that is not too wide.
private func textColumn(_ rows: [(left: String, right: String)]) -> Int {
    (rows.map(\.left.count).filter { $0 <= leftWidthMax }.max() ?? leftWidthMax) + 4
}

/// Two columns, the right one wrapped; every line ends with a newline.
private func columns(
    _ rows: [(left: String, right: String)], indent given: Int? = nil
) -> String {
    let indent = given ?? textColumn(rows)
    return rows.map { row in
        let left = "  " + row.left
        guard left.count + 2 > indent else {
            return left + wrapped(row.right, indent: indent).dropFirst(left.count)
        }
        let line = left + "  " + row.right
        return line.count <= lineWidth
            ? line + "\n" : left + "\n" + wrapped(row.right, indent: indent)
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
    return lines + margin + line + "\n"
}
