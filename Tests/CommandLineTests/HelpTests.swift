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

    @Test func shortFormsOfHelpAndVersionAnswer() throws {
        #expect(try answer("-h") == answer("--help"))
        #expect(try answer("-V") == answer("--version"))
        #expect(try answer("stage", "-h") == answer("stage", "--help"))
    }

    @Test func theProgramHelpNamesEveryCommandAndOption() throws {
        let help = try answer("--help")
        for command in program.commands { #expect(help.contains(command.description.spelling)) }
        for option in ProgramOption.allCases {
            #expect(help.contains(option.description.spelling))
        }
        #expect(help.contains("Example:\n  mpirun"))
        for line in help.split(separator: "\n") { #expect(line.count <= 100) }
    }

    @Test(arguments: program.commands.map(\.description))
    func aCommandHelpNamesEveryOptionWithItsValues(command: CommandDescription) throws {
        let help = try answer(command.name, "--help")
        // The rows of the table with their line breaks undone.
        let text = help.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
        for option in command.options where option != .help {
            let row = [option.shownSpelling, option.value?.syntax, option.fullText]
            #expect(text.contains(row.compactMap(\.self).joined(separator: " ")))
            if let letter = option.letter {
                #expect(text.contains("-\(letter), \(option.shownSpelling)"))
            }
            if let notation = option.value?.kind.notation { #expect(text.contains(notation)) }
        }
        for operand in command.operands { #expect(text.contains(operand.text)) }
        for exit in command.exitCodes {
            #expect(text.contains("\(exit.code) if \(exit.condition)"))
        }
        #expect(help.contains("Example: \(command.example)\n"))
        #expect(!help.contains("(default: off)"))
    }

    @Test(arguments: program.commands.map(\.description))
    func aCommandHelpFitsAWindow(command: CommandDescription) throws {
        let lines = try answer(command.name, "--help").split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast()
        // Those of a printed page.
        #expect(lines.count <= 60)
        for line in lines { #expect(line.count <= 100) }
    }

    /// The row of one option of the probe, without its indentation.
    private func row(_ name: String) throws -> String? {
        try answer("probe", "--help").split(separator: "\n")
            .first { $0.contains("--\(name)") }
            .map { $0.split(separator: " ").joined(separator: " ") }
    }

    @Test(arguments: [
        ("size", "--size SIZE A size (default: 64K)."),
        ("wait", "--wait DURATION A duration (default: 200ms)."),
        ("count", "--count N A number (-5 to 100; default: 3)."),
        ("mode", "--mode ring|full A choice (default: ring; --no-mode: ring)."),
        ("log", "-l, --log FILE A path (default: no log)."),
        ("tier", "--tier URLS A list."),
        ("loud", "-d, --loud A switch."),
        ("no-polite", "--no-polite Skip the greeting."),
    ])
    func aRowHasTheValuesAndTheDefaultThatHolds(name: String, expected: String) throws {
        #expect(try row(name) == expected)
    }

    @Test func optionsStandInTheirGroups() throws {
        let lines = try answer("stage", "--help").split(separator: "\n").map(String.init)
        let headings = OptionGroup.allCases.map { "\($0.rawValue):" }
        #expect(lines.filter(headings.contains) == ["What:", "How:", "Output:", "Trackers:"])
        let how = try #require(lines.firstIndex(of: "How:"))
        #expect(lines[how + 1].contains("--sources RANKS"))
        #expect(try answer("clean", "--help").contains("\nOptions:\n"))
    }

    @Test(arguments: [
        ("Open MPI v4.1.4, package: Debian", "Open MPI v4.1.4"),
        ("MPICH Version:\t4.0.2\nMPICH Release date:\tx", "MPICH 4.0.2"), ("", "unknown"),
    ])
    func onlyNameAndNumberOfALibraryAreShown(found: String, short: String) {
        #expect(LibraryVersion(name: "MPI", found: found).shortFound == short)
    }

    @Test func theVersionNamesEachLibraryInOneLine() throws {
        let lines = [
            "mpiswarm 9.8.7", "MPI           Some MPI v1 (built for Some MPI 0.9)",
            "PMIx          4.2", "other         unknown",
        ]
        #expect(try answer("--version") == lines.joined(separator: "\n") + "\n")
    }
}
