/// The whole command line: a function from arguments to an outcome, without effects.
package struct Program: Sendable {
    package let version: String
    /// Of this version, as a manual page writes it: `November 29, 2026`.
    let date: String
    /// Asked only for `--version`: one of the libraries takes a while to load.
    let libraries: @Sendable () -> [LibraryVersion]
    let commands: [Command]
    /// Where options come from besides the command line.
    let sources: OptionSources

    package init(
        version: String, date: String, commands: [Command] = Command.all,
        sources: OptionSources = .none,
        libraries: @escaping @Sendable () -> [LibraryVersion]
    ) {
        self.version = version
        self.date = date
        self.libraries = libraries
        self.commands = commands
        self.sources = sources
    }

    /// `arguments` are those after the program's own name.
    package func outcome(of arguments: [String]) throws(UsageError) -> Outcome {
        guard let first = arguments.first else { return .answer(helpText) }
        guard let written = WrittenOption(first) else {
            return try command(named: first).outcome(arguments.dropFirst(), self)
        }
        guard
            let option = ProgramOption.allCases.first(where: {
                $0.description.spellings.contains(written.spelling)
            })
        else { throw refusal(of: written) }
        try written.refuseValue(command: nil)
        return switch option {
        case .help: .answer(helpText)
        case .version: .answer(versionText)
        }
    }

    func command(named name: String) throws(UsageError) -> Command {
        guard let command = commands.first(where: { $0.description.name == name }) else {
            throw .unknownCommand(
                name, nearest: nearest(to: name, among: commands.map(\.description.name)))
        }
        return command
    }

    private func refusal(of written: WrittenOption) -> UsageError {
        for command in commands.map(\.description)
        where command.options.contains(where: { $0.spellings.contains(written.spelling) }) {
            return .optionBeforeCommand(written.spelling, command: command.name)
        }
        let spellings = ProgramOption.allCases.flatMap(\.description.spellings)
        return .unknownOption(
            written.spelling, command: nil,
            nearest: nearest(to: written.spelling, among: spellings))
    }

    private var versionText: String {
        (["mpiswarm \(version)"] + libraries().map(\.line)).joined(separator: "\n") + "\n"
    }
}
