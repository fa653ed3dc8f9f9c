/// The options that stand without a command.
enum ProgramOption: String, CaseIterable {
    case help
    case version

    var description: OptionDescription {
        switch self {
        case .help: return .help
        case .version:
            var version = OptionDescription.flag(
                "version", "Print the versions of the program and of its libraries.")
            version.letter = "V"
            return version
        }
    }
}
