/// The completion script for fish: one `complete` line for each command, option and operand.
extension Program {
    var fishCompletion: String {
        let described = commands.map(\.description)
        var lines = described.map { command in
            "complete -c mpiswarm -n __mpiswarm_begins -a \(command.name)"
                + " -d \(fishText(command.summary))"
        }
        for option in ProgramOption.allCases.map(\.description) {
            lines.append(
                "complete -c mpiswarm -n __mpiswarm_begins" + fishNames(option)
                    + " -d \(fishText(option.text))")
        }
        for command in described {
            let condition = "complete -c mpiswarm -n '__mpiswarm_is \(command.name)'"
            for option in command.options {
                let value = option.value.map { " -r" + fishValue($0.kind) } ?? ""
                let text = " -d \(fishText(option.text))"
                lines.append(condition + fishNames(option) + value + text)
                guard option.value != nil, let negative = option.negativeSpelling else { continue }
                lines.append(condition + " -l \(negative.dropFirst(2))" + text)
            }
            for operand in command.operands { lines.append(condition + fishValue(operand.kind)) }
        }
        return """
            # Completion of the mpiswarm command line by fish: mpiswarm completion fish | source
            \(Self.fishFunctions)
            \(lines.joined(separator: "\n"))

            """
    }

    /// Conditions that the lines below share, and what follows a launcher.
    private static let fishFunctions = #"""
        function __mpiswarm_begins
            test (count (commandline -opc)) -eq 1
        end
        function __mpiswarm_is
            set -l words (commandline -opc)
            test (count $words) -ge 2 -a "$words[2]" = $argv[1]
        end
        # After a launcher: completes as if the line began with the program.
        function __mpiswarm_launched
            set -l words (commandline -opc)
            while test (count $words) -gt 0
                if string match -qr '(^|/)mpiswarm$' -- $words[1]
                    set words[1] mpiswarm
                    complete -C (string join ' ' -- $words (commandline -ct))
                    return
                end
                set -e words[1]
            end
        end
        function __mpiswarm_is_launched
            string match -qr '(^|/)mpiswarm$' -- (commandline -opc)
        end
        complete -c mpiswarm -f
        for launcher in mpirun mpiexec srun
            complete -c $launcher -n __mpiswarm_is_launched -f -a '(__mpiswarm_launched)'
        end
        """#

    private func fishNames(_ option: OptionDescription) -> String {
        let spellings =
            option.value == nil
            ? option.listedSpellings + (option.letter.map { ["-\($0)"] } ?? [])
            : option.valueSpellings
        return spellings.map { spelling in
            spelling.hasPrefix("--")
                ? " -l \(spelling.dropFirst(2))" : " -s \(spelling.dropFirst())"
        }.joined()
    }

    private func fishValue(_ kind: ValueKind) -> String {
        switch kind {
        case .file: " -F"
        case .folder, .cache: " -f -a '(__fish_complete_directories)'"
        case .choice(let names): " -f -a '\(names.joined(separator: " "))'"
        case .command: " -f -a '\(commands.map(\.description.name).joined(separator: " "))'"
        case .jobName: " -f -a '(mpiswarm jobs 2>/dev/null | cut -f 1)'"
        case .text, .size, .duration, .rate, .seeds, .ranks, .rankSequence, .tier, .folders,
            .pattern, .number:
            " -f"
        }
    }

    private func fishText(_ text: String) -> String {
        "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
