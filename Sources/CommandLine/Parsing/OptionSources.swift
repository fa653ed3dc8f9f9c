/// The places besides the command line from which options come. What they hold differs between
/// hosts, so each rank has to compare the outcome with that of rank 0.
package struct OptionSources: Sendable {
    /// The names of all environment variables.
    let names: @Sendable () -> [String]
    /// The value of an environment variable.
    let variable: @Sendable (String) -> String?
    /// The bytes of a file, or the reason why there are none.
    let file: @Sendable (String) -> Result<[UInt8], OptionsFileError>

    package init(
        names: @escaping @Sendable () -> [String],
        variable: @escaping @Sendable (String) -> String?,
        file: @escaping @Sendable (String) -> Result<[UInt8], OptionsFileError>
    ) {
        self.names = names
        self.variable = variable
        self.file = file
    }

    /// For programs that take options from the command line alone.
    package static let none = OptionSources(
        names: { [] }, variable: { _ in nil },
        file: { _ in .failure(OptionsFileError(reason: "no files")) })
}

/// The reason why a file of options cannot be read.
package struct OptionsFileError: Error {
    let reason: String

    package init(reason: String) { self.reason = reason }
}
