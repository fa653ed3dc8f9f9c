import Glibc
import Testing

@testable import CommandLine

/// The script is run by a real bash, with the variables that bash sets on a tab key.
struct CompletionTests {
    @Test func theScriptIsValid() {
        let (said, status) = shell("bash -n <<'END_OF_SCRIPT' 2>&1", program.bashCompletion)
        #expect(said == "")
        #expect(status == 0)
    }

    @Test(arguments: [
        (
            [""],
            [
                "check-logs", "clean", "completion", "help", "jobs", "make", "probe", "run",
                "serve",
                "shell",
                "show", "simulate", "stage", "verify",
            ]
        ),
        (["r"], ["run"]),
        (["--"], ["--help", "--version"]),
        (["help", "pro"], ["probe"]),
        (["help", "run", ""], ["--help"]),
        (["completion", ""], ["bash"]),
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
        let (said, status) = shell(
            "bash --norc <<'END_OF_SCRIPT' 2>&1", program.bashCompletion + session)
        #expect(said.split(separator: "\n").map(String.init).sorted() == replies)
        #expect(status == 0)
    }
}

/// Runs a command that reads `script` as its here-document; its output and its wait status.
private func shell(_ command: String, _ script: String) -> (String, Int32) {
    guard let stream = unsafe popen("\(command)\n\(script)END_OF_SCRIPT\n", "r") else {
        return ("no shell could be started", -1)
    }
    var bytes: [UInt8] = []
    while case let byte = unsafe fgetc(stream), byte != EOF { bytes.append(UInt8(byte)) }
    return (String(decoding: bytes, as: UTF8.self), unsafe pclose(stream))
}
