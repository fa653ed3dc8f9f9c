import TestSupport

/// What a staging job said.
struct StageResult {
    let command: CommandResult
    /// Nil where it came to none.
    let summary: StageSummary?

    var status: Int32 { command.status }

    /// Our own lines on standard error; mpirun's come after them.
    var lines: [String] {
        command.errors.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("mpiswarm: ")
        }
    }
}
