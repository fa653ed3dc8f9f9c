/// The manual pages: what the tables say, and what holds for every command.
struct ManualPages {
    private let program: Program

    init(of program: Program) { self.program = program }

    /// `mpiswarm(1)`
    var main: String {
        var page = opening(
            "MPISWARM", name: "mpiswarm", summary: "put files where an MPI job needs them")
        page.macro("Nm")
        page.macro("Ar", "command")
        page.macro("Op", "Ar option ...")
        page.macro("Op", "Ar operand ...")
        page.macro("Nm")
        page.macro("Fl", "\\-help", "|", "Fl", "\\-version")
        page.macro("Sh", "DESCRIPTION")
        page.macro("Nm")
        page.say(
            "is started by mpirun or srun as a job of several ranks, which send each other the "
                + "parts of files that they already have. Each command has a page of its own:")
        page.macro("Bl", "-tag", "-width", "check-logs")
        for command in program.commands.map(\.description) {
            page.macro("It", "Xr", "mpiswarm-\(command.name)", "1")
            page.say(command.summary)
        }
        page.macro("El")
        page.macro("Pp")
        page.say("These options stand without a command:")
        options(ProgramOption.allCases.map(\.description), on: &page)
        page.macro("Pp")
        page.say(Program.rules)
        ending(
            of: &page, exitCodes: Program.exitCodes,
            example: "mpirun -np 64 mpiswarm stage dataset /scratch/dataset")
        page.macro("Sh", "SEE ALSO")
        page.macro("Xr", "mpirun", "1", ",")
        page.macro("Xr", "srun", "1", ",")
        page.macro("Xr", "mpiswarm-input", "5", ",")
        page.macro("Xr", "mpiswarm-seed", "5")
        return page.text
    }

    /// `mpiswarm-COMMAND(1)`
    func page(of command: CommandDescription) -> String {
        let name = "mpiswarm-\(command.name)"
        var summary = command.summary.split(separator: ".").first.map(String.init) ?? ""
        summary = summary.prefix(1).lowercased() + summary.dropFirst()
        var page = opening(name.uppercased(), name: name, summary: summary)
        page.macro("Nm", "mpiswarm", command.name)
        if command.options.count > 1 { page.macro("Op", "Ar option ...") }
        for operand in command.operands {
            for word in operand.spelling.split(separator: " ") {
                let name = word.filter { !"[]".contains($0) }
                let isOptional = operand.arity == .optional
                page.macro(isOptional ? "Op" : "Ar", (isOptional ? ["Ar"] : []) + [name])
            }
        }
        page.macro("Sh", "DESCRIPTION")
        page.say(command.summary)
        if !command.operands.isEmpty {
            page.say("The operands are:")
            page.macro("Bl", "-tag", "-width", "Ds")
            for operand in command.operands {
                page.macro("It", "Ar", ManualText.word(operand.metavar))
                page.say(Self.sentence(operand.text))
            }
            page.macro("El")
        }
        let groups = OptionGroup.allCases.filter { !command.options(in: $0).isEmpty }
        for group in groups {
            if groups.count > 1 {
                page.macro("Ss", group.rawValue)
            } else {
                page.macro("Pp")
                page.say("The options are:")
            }
            options(command.options(in: group), on: &page)
        }
        if let notations = command.notations {
            page.macro("Ss", "Values")
            page.say(notations)
        }
        environment(of: command, on: &page)
        let interrupted = ("130, 143", "a rank was interrupted by SIGINT or SIGTERM")
        ending(
            of: &page,
            exitCodes: command.exitCodes.map { ("\($0.code)", $0.condition) } + [interrupted],
            example: command.example)
        page.macro("Sh", "SEE ALSO")
        page.macro("Xr", "mpiswarm", "1")
        return page.text
    }

    private func opening(_ title: String, name: String, summary: String) -> ManualText {
        var page = ManualText()
        page.macro("Dd", program.date)
        page.macro("Dt", title, "1")
        page.macro("Os")
        page.macro("Sh", "NAME")
        page.macro("Nm", name)
        page.macro("Nd", summary)
        page.macro("Sh", "SYNOPSIS")
        return page
    }

    private func environment(of command: CommandDescription, on page: inout ManualText) {
        guard let prefix = command.variablePrefix,
            let option = command.options.first(where: { $0.value != nil })
        else { return }
        page.macro("Sh", "ENVIRONMENT")
        page.say(
            "Each long option\(others(command)) has a variable, which counts if the option is not "
                + "written: "
                + "\(option.variable(prefix)) for \(option.spelling). A switch takes 1 or 0.")
    }

    /// The options that have to be written.
    private func others(_ command: CommandDescription) -> String {
        let typed = command.options.filter(\.isTypedOnly).map(\.spelling)
        return typed.isEmpty ? "" : " but \(typed.joined(separator: " and "))"
    }

    private static func sentence(_ text: String) -> String {
        let text = text.prefix(1).uppercased() + text.dropFirst()
        return text.hasSuffix(".") ? text : text + "."
    }

    private func options(_ options: [OptionDescription], on page: inout ManualText) {
        page.macro("Bl", "-tag", "-width", "Ds")
        for option in options {
            var words = option.letter.map { ["Fl", "\($0)", ","] } ?? []
            // The macro writes the first hyphen.
            words += ["Fl", String(ManualText.escaped(option.shownSpelling).dropFirst(2))]
            if let value = option.value { words += ["Ar", ManualText.word(value.syntax)] }
            page.macro("It", words)
            page.say(option.fullText)
        }
        page.macro("El")
    }

    private func ending(
        of page: inout ManualText, exitCodes: [(String, String)], example: String
    ) {
        page.macro("Sh", "EXIT STATUS")
        page.macro("Bl", "-tag", "-width", "130")
        for (code, condition) in exitCodes {
            page.macro("It", code)
            page.say(Self.sentence(condition))
        }
        page.macro("El")
        page.macro("Sh", "EXAMPLES")
        page.macro("Dl", example.split(separator: " ").map { ManualText.word(String($0)) })
    }
}
