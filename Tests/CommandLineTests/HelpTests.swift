import Testing

@testable import CommandLine

struct HelpTests {
    private func answer(_ words: String...) throws -> String {
        guard case .answer(let text) = try program.outcome(of: words) else { return "" }
        return text
    }

    @Test func withoutArgumentsTheHelpIsShown() throws {
        let help = try answer("--help")
        #expect(try answer() == help)
        #expect(try answer("help") == help)
        #expect(
            try program.outcome(of: ["run", "--help"]) == program.outcome(of: ["help", "run"]))
    }

    @Test func theProgramHelpNamesEveryCommandAndOption() throws {
        let help = try answer("--help")
        for command in program.commands { #expect(help.contains(command.description.spelling)) }
        for option in ProgramOption.allCases {
            #expect(help.contains(option.description.spelling))
        }
        #expect(help.contains("Example:\n  mpirun"))
    }

    @Test(arguments: program.commands.map(\.description))
    func aCommandHelpNamesEveryOptionWithItsDefault(command: CommandDescription) throws {
        let help = try answer(command.name, "--help")
        // The rows of the table with their line breaks undone.
        let text = help.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
        for option in command.options {
            let left = [option.spelling, option.value?.metavar].compactMap(\.self)
            let row = left + [option.text, "(default: \(option.defaultText))"]
            #expect(text.contains(row.joined(separator: " ")))
            #expect(help.contains("(default: \(option.defaultText))"))
        }
        for operand in command.operands { #expect(text.contains(operand.text)) }
        #expect(help.contains("Example:\n  \(command.example)\n"))
        for line in help.split(separator: "\n") { #expect(line.count <= 80) }
    }

    @Test func defaultsAreTheValuesThatHold() throws {
        let help = try answer("probe", "--help")
        for shown in ["64K", "200ms", "3", "ring", "no log", "off"] {
            #expect(help.contains("(default: \(shown))"))
        }
    }

    @Test func theVersionNamesTheLibraryInOneLine() throws {
        #expect(try answer("--version") == "mpiswarm 9.8.7\nMPI library: Some MPI v1\n")
    }
}
