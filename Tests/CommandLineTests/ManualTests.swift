import Testing

@testable import CommandLine

/// The manual pages, and mandoc's opinion of them.
struct ManualTests {
    private func page(_ words: String...) throws -> String {
        guard case .answer(let text) = try program.outcome(of: ["manual"] + words) else {
            return ""
        }
        return text
    }

    @Test(arguments: program.commands.map(\.description))
    func aPageNamesEveryOptionAndOperand(command: CommandDescription) throws {
        let page = try page(command.name)
        for option in command.options {
            let name = option.shownSpelling.dropFirst().map { $0 == "-" ? "\\-" : String($0) }
            let row = "Fl \(name.joined())"
            #expect(page.contains(row + "\n") || page.contains(row + " Ar "), "\(option.name)")
        }
        for operand in command.operands {
            #expect(page.contains(".It Ar \(ManualText.word(operand.metavar))\n"))
        }
    }

    @Test func theProgramsPageNamesEveryCommand() throws {
        let page = try page()
        for command in program.commands.map(\.description) {
            #expect(page.contains(".It Xr mpiswarm-\(command.name) 1\n"))
        }
        #expect(page.hasPrefix(".Dd May 1, 2026\n.Dt MPISWARM 1\n.Os\n"))
    }

    @Test(arguments: [
        ("one. Two", "one.\nTwo\n"), (".file and 'quote", "\\&.file and 'quote\n"),
        ("a\\b --no-name x-y -", "a\\eb \\-\\-no\\-name x-y \\-\n"),
    ])
    func textIsNoRequest(words: String, lines: String) {
        var text = ManualText()
        text.say(words)
        #expect(text.text == lines)
    }

    /// All but whether the pages that these name are installed.
    @Test(.enabled(if: ShellSession.has("mandoc")))
    func mandocHasNothingToSay() throws {
        let pages = try [page()] + program.commands.map { try page($0.description.name) }
        for page in pages {
            let (said, _) = ShellSession.run("mandoc -T lint", page)
            let lines = said.split(separator: "\n")
                .filter { !$0.contains("manual not found") && !$0.contains("mandoc.db") }
            #expect(lines == [], "\(page)")
        }
    }
}
