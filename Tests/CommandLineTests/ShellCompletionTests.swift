import Testing

@testable import CommandLine

/// The scripts for zsh and fish, completed by these shells themselves.
struct ShellCompletionTests {
    /// A line as far as it is typed, and what it is after the tab key.
    @Test(
        .enabled(if: ShellSession.has("zsh")),
        arguments: [
            ("mpiswarm sta", "mpiswarm stage "),
            ("mpiswarm run d --sta", "mpiswarm run d --stats "),
            ("mpiswarm completion z", "mpiswarm completion zsh "),
            ("mpiswarm probe --mode f", "mpiswarm probe --mode full "),
            ("mpiswarm probe --mode=f", "mpiswarm probe --mode=full "),
            ("mpiswarm run --output afol", "mpiswarm run --output afolder/"),
            ("mpiswarm probe t afi", "mpiswarm probe t afile "),
            ("mpirun -np 4 mpiswarm sta", "mpirun -np 4 mpiswarm stage "),
            ("srun /opt/bin/mpiswarm help sim", "srun /opt/bin/mpiswarm help simulate "),
            ("mpiswarm shell --job de", "mpiswarm shell --job demo "),
        ])
    func zshCompletes(typed: String, completed: String) {
        let session = """
            folder=$(mktemp -d) && cd $folder && mkdir afolder && touch afile || exit 9
            cat > script <<'END_OF_COMPLETION'
            \(program.zshCompletion)
            END_OF_COMPLETION
            cat > start <<'END_OF_START'
            autoload -Uz compinit && compinit -D -u
            mpiswarm() { printf 'demo\\tranks 1\\n' }
            source ./script
            widget() { zle complete-word; print -r -- "<$BUFFER>"; exit }
            zle -N widget
            bindkey '^I' widget
            print ready
            END_OF_START
            zmodload zsh/zpty
            zpty shell 'zsh -f -i'
            zpty -w shell 'PS1=; source ./start'
            zpty -r shell said '*ready*'
            # One write, as the tab key may not come before the line.
            zpty -w -n shell $'\(typed)\\t'
            zpty -r shell said '*<*>*'
            print -r -- ${${said##*<}%%>*}
            cd / && rm -r $folder

            """
        let (said, status) = ShellSession.run("timeout 20 zsh -f", session)
        #expect(said == completed + "\n")
        #expect(status == 0)
    }

    @Test(
        .enabled(if: ShellSession.has("fish")),
        arguments: [
            ("mpiswarm sta", ["stage"]),
            ("mpiswarm run d --sta", ["--stats"]),
            ("mpiswarm completion ", ["bash", "fish", "zsh"]),
            ("mpiswarm probe --mode ", ["full", "ring"]),
            ("mpiswarm run --output a", ["afolder/"]),
            ("mpiswarm probe t afi", ["afile"]),
            ("mpirun -np 4 mpiswarm sta", ["stage"]),
            ("srun /opt/bin/mpiswarm help sim", ["simulate"]),
            ("mpiswarm shell --job d", ["demo"]),
        ])
    func fishCompletes(typed: String, offered: [String]) {
        let session = """
            set folder (mktemp -d); and cd $folder; and mkdir afolder; and touch afile
            function mpiswarm; printf 'demo\\tranks 1\\n'; end
            \(program.fishCompletion)
            complete -C '\(typed)' | cut -f 1 | sort -u
            cd /; and rm -r $folder

            """
        let (said, status) = ShellSession.run(
            "HOME=/nonexistent timeout 20 fish --no-config", session)
        #expect(said.split(separator: "\n").map(String.init) == offered)
        #expect(status == 0)
    }
}
