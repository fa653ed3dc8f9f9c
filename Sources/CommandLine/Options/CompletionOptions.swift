/// `mpiswarm completion SHELL`
package struct CompletionOptions: CommandOptions {
    package enum Shell: String, CaseIterable, Sendable {
        case bash
    }

    package var shell = Shell.bash

    package init() {}

    package static let table = CommandTable<CompletionOptions>(
        name: "completion",
        summary: "Print a script that teaches a shell to complete this command line.",
        example: "source <(mpiswarm completion bash)",
        operands: [
            .one("SHELL", .choice(of: Shell.self), into: \.shell, "the shell: bash")
        ])

    package func outcome(in program: Program) -> Outcome {
        switch shell {
        case .bash: .answer(program.bashCompletion)
        }
    }
}
