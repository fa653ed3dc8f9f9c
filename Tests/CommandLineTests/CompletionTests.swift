import Testing

@testable import CommandLine

/// The script is run by a real bash, with the variables that bash sets on a tab key.
struct CompletionTests {
    @Test func theScriptIsValid() {
        let (said, status) = ShellSession.run("bash -n", program.bashCompletion)
        #expect(said == "")
        #expect(status == 0)
    }

    @Test(arguments: [
        (
            [""],
            [
                "cache", "check-logs", "clean", "collect", "completion", "doctor", "help", "jobs",
                "make",
                "manual", "probe", "run", "sbcast",
                "serve", "shell", "show", "simulate", "stage", "verify",
            ]
        ),
        (["r"], ["run"]),
        (["--"], ["--help", "--version"]),
        (["help", "pro"], ["probe"]),
        (["help", "run", ""], ["--help"]),
        (["completion", ""], ["bash", "fish", "zsh"]),
        (
            ["run", "--"],
            [
                "--groups", "--help", "--output", "--queries", "--query-deadline", "--report",
                "--stats",
                "--super-peer",
                "--topology", "--trace-dir", "--trackers", "--ttl", "--verbose",
            ]
        ),
        (["run", "d", "--st"], ["--stats"]),
        (["run", "--output", ""], ["a b", "ab"]),
        (["run", "--output", "=", "ab"], ["ab"]),
        (["run", "--output", "="], ["a b", "ab"]),
        (["run", "--output=a"], ["--output=a b", "--output=ab"]),
        (["run", "--output", "o", "--trace"], ["--trace-dir"]),
        (["run", "a"], ["a b", "ab"]),
        (["run", "--", "--"], []),
        (["probe", "--mode", "r"], ["ring"]),
        (["probe", "--mode", "=", ""], ["full", "ring"]),
        (["probe", "--mode=f"], ["--mode=full"]),
        (["probe", "--no"], ["--no-mode", "--no-polite"]),
        (["probe", "--count", ""], []),
        (["probe", "-l", "af"], ["afile"]),
        (["make", "--format", "torrent"], ["torrent-v1", "torrent-v2"]),
        (["probe", "t", "a"], ["a b", "ab", "afile"]),
        (["probe", "t", "u", "v", "af"], ["afile"]),
        (["nonsense", ""], []),
    ])
    func wordsAreCompleted(words: [String], replies: [String]) {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let session = """
            folder=$(mktemp -d) && cd "$folder" && mkdir ab 'a b' && touch afile || exit 9
            COMP_WORDS=(mpiswarm \(quoted)) COMP_CWORD=\(words.count)
            _mpiswarm
            (( ${#COMPREPLY[@]} )) && printf '%s\\n' "${COMPREPLY[@]}"
            rm -r "$folder"

            """
        let (said, status) = ShellSession.run(
            "bash --norc", program.bashCompletion + session)
        #expect(said.split(separator: "\n").map(String.init).sorted() == replies)
        #expect(status == 0)
    }

    @Test(arguments: [
        (["mpirun", "-np", "4", "mpiswarm", "cl"], ["clean"]),
        (["srun", "/opt/bin/mpiswarm", "completion", "z"], ["zsh"]),
        (["mpirun", "-np", "4", "mpis"], []),
        (["mpiexec", "other", "cl"], ["own"]),
        (["mpiswarm", "shell", "--job", "d"], ["demo"]),
    ])
    func theProgramIsCompletedAfterALauncher(words: [String], replies: [String]) {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        // mpiexec has a completion of its own before this one is read.
        let before = "own() { COMPREPLY=(own); }; complete -F own mpiexec\n"
        let session = """
            mpiswarm() { printf 'demo\\tranks 1\\nother\\tranks 2\\n'; }
            COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count - 1)
            [[ $(complete -p \(words[0])) =~ -F\\ ([^ ]+) ]] && "${BASH_REMATCH[1]}" \(words[0])
            (( ${#COMPREPLY[@]} )) && printf '%s\\n' "${COMPREPLY[@]}"
            :

            """
        let (said, status) = ShellSession.run(
            "bash --norc", before + program.bashCompletion + session)
        #expect(said.split(separator: "\n").map(String.init) == replies)
        #expect(status == 0)
    }
}
