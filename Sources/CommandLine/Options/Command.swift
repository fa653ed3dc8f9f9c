/// A command of the program: its description, and what becomes of the words after its name.
package struct Command: Sendable {
    package let description: CommandDescription
    let outcome: @Sendable (ArraySlice<String>, Program) throws(UsageError) -> Outcome

    package init<Options: CommandOptions>(_ type: Options.Type) {
        let table = Options.table
        description = table.description
        outcome = { (arguments, program) throws(UsageError) -> Outcome in
            switch try table.parse(arguments, program.sources) {
            case .helpWanted: .answer(program.helpText(for: table.description))
            case .options(let options): try options.outcome(in: program)
            }
        }
    }

    /// In the order of the help.
    package static let all = [
        Command(RunOptions.self),
        Command(StageOptions.self),
        Command(CollectOptions.self),
        Command(SbcastOptions.self),
        Command(ServeOptions.self),
        Command(ShellOptions.self),
        Command(JobsOptions.self),
        Command(CacheOptions.self),
        Command(CleanOptions.self),
        Command(DoctorOptions.self),
        Command(SimulateOptions.self),
        Command(MakeOptions.self),
        Command(ShowOptions.self),
        Command(VerifyOptions.self),
        Command(CheckLogsOptions.self),
        Command(CompletionOptions.self),
        Command(ManualOptions.self),
        Command(HelpOptions.self),
    ]
}
