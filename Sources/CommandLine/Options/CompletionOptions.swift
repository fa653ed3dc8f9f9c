/// `mpiswarm completion SHELL`
package struct CompletionOptions: CommandOptions {
    package enum Shell: String, CaseIterable, Sendable {
        case bash
        case zsh
        case fish
    }

    package var shell = Shell.bash

    package init() {}

    package static let table = CommandTable<CompletionOptions>(
        name: "completion",
        summary: "Print a completion script for bash, zsh or fish.",
        example: "source <(mpiswarm completion bash)",
        operands: [
            .one("SHELL", .choice(of: Shell.self), into: \.shell, "the shell: bash, zsh or fish")
        ],
        exits: "the script was printed", or: "it could not be")

    package func outcome(in program: Program) -> Outcome {
        switch shell {
        case .bash: .answer(program.bashCompletion)
        case .zsh: .answer(program.zshCompletion)
        case .fish: .answer(program.fishCompletion)
        }
    }
}
