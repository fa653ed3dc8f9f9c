/// The options that stand without a command.
enum ProgramOption: String, CaseIterable {
    case help
    case version

    var description: OptionDescription {
        switch self {
        case .help: .help
        case .version: .flag("version", "Name the versions of the program and of the MPI library.")
        }
    }
}
