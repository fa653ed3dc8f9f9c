/// The completion script for zsh: the tables written as shell patterns, as for bash, with what each
/// option and command does beside it.
extension Program {
    var zshCompletion: String {
        let described = commands.map(\.description)
        let programOptions = ProgramOption.allCases.flatMap { listed($0.description) }
        return """
            #compdef mpiswarm mpirun mpiexec srun
            # Completion of the mpiswarm command line by zsh: source <(mpiswarm completion zsh), or
            # this text as a file _mpiswarm in a folder of $fpath.
            _mpiswarm() {
                local command= option= ended= word
                local -i operands=0 index=1
                local -a list
            \(Self.zshProgramSearch)
                for ((index = 2; index < CURRENT; index++)); do
                    word=${words[index]}
                    if [[ -n $option ]]; then
                        option=
                    elif [[ -n $ended || $word != -* ]]; then
                        if [[ -z $command ]]; then command=$word; else ((++operands)); fi
                    elif [[ $word == '--' ]]; then
                        ended=1
                    else
                        case "$command $word" in
            \(rows(described, indent: 16) { command, option in
                option.value.map { _ in "option=$word" }
            })
                        esac
                    fi
                done
                if [[ -z $option && -z $ended && ${words[CURRENT]} == --*=* ]]; then
                    option=${words[CURRENT]%%=*}
                    compset -P '*='
                fi
                case "$command ${option:-$operands}" in
                    ' 0') \(describe("command", described.map { ($0.name, $0.summary) })) ;;
            \(rows(described, indent: 8) { _, option in option.value.map { action($0.kind) } })
            \(operandRows(described))
                esac
                [[ -z $option && -z $ended ]] || return
                case "$command" in
                    '') \(describe("option", programOptions)) ;;
            \(optionLists(described))
                esac
            }
            \(Self.zshLaunchers)

            """
    }

    /// After a launcher, what stands before the program belongs to the launcher.
    private static let zshProgramSearch = #"""
            while ((index < CURRENT)) && [[ ${words[index]:t} != mpiswarm ]]; do
                ((index++))
            done
            if ((index == CURRENT)); then
                ${_mpiswarm_before[${words[1]:t}]:-_mpiswarm_program}
                return
            fi
            shift $((index - 1)) words
            ((CURRENT -= index - 1))
        """#

    /// The launchers' own completions go on where the line does not name the program yet. The file
    /// is either read by `source` or called by the shell as a function.
    private static let zshLaunchers = #"""
        _mpiswarm_program() {
            _alternative 'programs:program:_command_names -e' 'files:file:_files'
        }
        typeset -gA _mpiswarm_before
        if [[ ${funcstack[1]} == _mpiswarm ]]; then
            _mpiswarm "$@"
        else
            for _mpiswarm_launcher in mpirun mpiexec srun; do
                [[ ${_comps[$_mpiswarm_launcher]:-_mpiswarm} == _mpiswarm ]] ||
                    _mpiswarm_before[$_mpiswarm_launcher]=${_comps[$_mpiswarm_launcher]}
            done
            unset _mpiswarm_launcher
            compdef _mpiswarm mpiswarm mpirun mpiexec srun
        fi
        """#

    /// A `case` row for each spelling of each option for which `body` has something.
    private func rows(
        _ commands: [CommandDescription], indent: Int,
        _ body: (CommandDescription, OptionDescription) -> String?
    ) -> String {
        let margin = String(repeating: " ", count: indent)
        return commands.flatMap { command in
            command.options.flatMap { option in
                option.valueSpellings.compactMap { spelling in
                    body(command, option).map { "\(margin)'\(command.name) \(spelling)') \($0) ;;" }
                }
            }
        }.joined(separator: "\n")
    }

    /// A repeated operand stands last in its table and takes every number from its own on.
    private func operandRows(_ commands: [CommandDescription]) -> String {
        commands.flatMap { command in
            command.operands.enumerated().map { index, operand in
                let number =
                    operand.arity == .oneOrMore || operand.arity == .several
                    ? "'[0-9]*" : "\(index)'"
                return "        '\(command.name) \(number)) \(action(operand.kind)) ;;"
            }
        }.joined(separator: "\n")
    }

    private func optionLists(_ commands: [CommandDescription]) -> String {
        commands.map { command in
            "        '\(command.name)') \(describe("option", command.options.flatMap(listed))) ;;"
        }.joined(separator: "\n")
    }

    private func listed(_ option: OptionDescription) -> [(String, String)] {
        option.listedSpellings.map { ($0, option.text) }
    }

    /// `_describe` takes words with their texts, a colon between them.
    private func describe(_ what: String, _ rows: [(String, String)]) -> String {
        let list = rows.map { "'\($0.0):\(zshText($0.1))'" }.joined(separator: " ")
        let flag = what == "option" ? "-o " : ""
        return "list=(\(list)); _describe \(flag)\(what) list"
    }

    private func zshText(_ text: String) -> String {
        text.map { $0 == "'" ? "'\\''" : $0 == ":" ? "\\:" : String($0) }.joined()
    }

    private func action(_ kind: ValueKind) -> String {
        switch kind {
        case .file: "_files"
        case .folder, .cache: "_files -/"
        case .choice(let names): "compadd -- \(names.joined(separator: " "))"
        case .command: describe("command", commands.map { ($0.description.name, "") })
        case .jobName: "compadd -- ${(f)\"$(mpiswarm jobs 2>/dev/null | cut -f 1)\"}"
        case .text, .size, .duration, .rate, .seeds, .ranks, .rankSequence, .tier, .folders,
            .pattern, .number:
            ":"
        }
    }
}
