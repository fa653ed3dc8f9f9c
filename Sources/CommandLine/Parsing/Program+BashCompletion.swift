/// The completion script is the tables written as shell patterns: the first `case` has the options
/// that take a value, the second the words of each value and operand, the third all options.
extension Program {
    var bashCompletion: String {
        let described = commands.map(\.description)
        let programOptions = ProgramOption.allCases.map(\.description.spelling)
        return """
            # Completion of the mpiswarm command line by bash: source <(mpiswarm completion bash)
            _mpiswarm() {
                local current=${COMP_WORDS[COMP_CWORD]} command= option= prefix= ended= word
                local -i operands=0 index
                COMPREPLY=()
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word=${COMP_WORDS[index]}
                    if [[ $option ]]; then
                        # bash cuts --name=value into three words, by default.
                        [[ $word == '=' ]] || option=
                    elif [[ $ended || $word != -* ]]; then
                        if [[ ! $command ]]; then command=$word; else operands+=1; fi
                    elif [[ $word == '--' ]]; then
                        ended=1
                    else
                        case "$command $word" in
            \(valueOptionCases(described))
                        esac
                    fi
                done
                if [[ $option && $current == '=' ]]; then
                    current=
                elif [[ ! $option && ! $ended && $current == --*=* ]]; then
                    option=${current%%=*} prefix=${current%%=*}= current=${current#*=}
                fi
                case "$command ${option:-$operands}" in
            \(valueCases(described))
                esac
                if [[ $current == -* && ! $option && ! $ended ]] ||
                    [[ ! $option && ! $ended && ${#COMPREPLY[@]} -eq 0 && ! $current ]]; then
                    case "$command" in
                        '') word='\(programOptions.joined(separator: " "))' ;;
            \(optionListCases(described))
                        *) word= ;;
                    esac
                    COMPREPLY=($(compgen -W "$word" -- "$current"))
                fi
            }
            complete -F _mpiswarm mpiswarm
            \(Self.bashLaunchers)
            """
    }

    /// `mpirun -np 4 mpiswarm ...` is completed from the program's name on. Before that name the
    /// launcher's own completion goes on, if it has one.
    private static let bashLaunchers = #"""
        _mpiswarm_launched() {
            local -i index
            for ((index = 1; index < COMP_CWORD; index++)); do
                if [[ ${COMP_WORDS[index]##*/} == mpiswarm ]]; then
                    COMP_WORDS=("${COMP_WORDS[@]:index}")
                    COMP_CWORD=$((COMP_CWORD - index))
                    _mpiswarm
                    return
                fi
            done
            COMPREPLY=()
            local before=${_mpiswarm_before[${1##*/}]}
            [[ ! $before ]] || "$before" "$@"
        }
        declare -gA _mpiswarm_before
        for _mpiswarm_launcher in mpirun mpiexec srun; do
            if [[ $(complete -p $_mpiswarm_launcher 2>/dev/null) =~ -F\ ([^ ]+) ]] &&
                [[ ${BASH_REMATCH[1]} != _mpiswarm_launched ]]; then
                _mpiswarm_before[$_mpiswarm_launcher]=${BASH_REMATCH[1]}
            fi
            complete -o bashdefault -o default -F _mpiswarm_launched $_mpiswarm_launcher
        done
        unset _mpiswarm_launcher

        """#

    private func valueOptionCases(_ commands: [CommandDescription]) -> String {
        let patterns = commands.flatMap { command in
            command.options.flatMap(\.valueSpellings).map {
                "'\(command.name) \($0)'"
            }
        }
        return patterns.map { "                \($0)) option=$word ;;" }.joined(separator: "\n")
    }

    /// A repeated operand stands last in its table and so takes every number from its own on;
    /// the fixed ones before it matched already.
    private func valueCases(_ commands: [CommandDescription]) -> String {
        var rows = ["' 0') \(reply(with: .command))"]
        for command in commands {
            for option in command.options {
                guard let value = option.value else { continue }
                for spelling in option.valueSpellings {
                    rows.append("'\(command.name) \(spelling)') \(reply(with: value.kind))")
                }
            }
            for (index, operand) in command.operands.enumerated() {
                let number =
                    operand.arity == .oneOrMore || operand.arity == .several
                    ? "'[0-9]*" : "\(index)'"
                rows.append("'\(command.name) \(number)) \(reply(with: operand.kind))")
            }
        }
        return rows.map { "        \($0) ;;" }.joined(separator: "\n")
    }

    private func optionListCases(_ commands: [CommandDescription]) -> String {
        commands.map { command in
            let spellings = command.options.flatMap(\.listedSpellings).joined(separator: " ")
            return "            '\(command.name)') word='\(spellings)' ;;"
        }.joined(separator: "\n")
    }

    /// Shell commands that fill COMPREPLY. Paths are read line by line, because they may hold
    /// blanks, and marked as file names, so that bash quotes them and adds slashes to folders;
    /// outside of a completion there is nothing to mark, hence the silenced errors.
    private func reply(with kind: ValueKind) -> String {
        switch kind {
        case .file: pathReply(compgen: "-f")
        case .folder, .cache: pathReply(compgen: "-d")
        case .choice(let names): wordReply(names)
        case .command: wordReply(commands.map(\.description.name))
        case .jobName:
            "COMPREPLY=($(compgen -P \"$prefix\" -W \"$(mpiswarm jobs 2>/dev/null | cut -f 1)\""
                + " -- \"$current\"))"
        case .text, .size, .duration, .rate, .seeds, .ranks, .rankSequence, .tier, .folders,
            .pattern, .number:
            ":"
        }
    }

    private func pathReply(compgen action: String) -> String {
        "compopt -o filenames 2>/dev/null; "
            + "mapfile -t COMPREPLY < <(compgen -P \"$prefix\" \(action) -- \"$current\")"
    }

    private func wordReply(_ words: [String]) -> String {
        "COMPREPLY=($(compgen -P \"$prefix\" -W '\(words.joined(separator: " "))' -- \"$current\"))"
    }
}
