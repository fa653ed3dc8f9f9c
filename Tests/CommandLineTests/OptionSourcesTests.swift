import Testing
import Vocabulary

@testable import CommandLine

/// Options of `stage` from environment variables and from a file.
struct OptionSourcesTests {
    private func options(
        _ variables: [String: String] = [:], file: String? = nil, _ words: String...
    ) throws(UsageError) -> StageOptions? {
        let sources = OptionSources(
            names: { Array(variables.keys) }, variable: { variables[$0] },
            file: { path in
                guard path == "opts", let file else {
                    return .failure(OptionsFileError(reason: "No such file or directory"))
                }
                return .success(Array(file.utf8))
            })
        let program = Program(version: "1", date: "", sources: sources, libraries: { [] })
        let outcome = try program.outcome(of: ["stage"] + words + ["a", "b"])
        guard case .request(.stage(let options)) = outcome else { return nil }
        return options
    }

    private func line(
        _ variables: [String: String] = [:], file: String? = nil, _ words: String...
    ) -> String {
        let sources = OptionSources(
            names: { Array(variables.keys) }, variable: { variables[$0] },
            file: { _ in
                file.map { .success(Array($0.utf8)) }
                    ?? .failure(OptionsFileError(reason: "No such file or directory"))
            })
        let program = Program(version: "1", date: "", sources: sources, libraries: { [] })
        do throws(UsageError) {
            _ = try program.outcome(of: ["stage"] + words + ["a", "b"])
            return "no error"
        } catch { return error.line }
    }

    /// Each option has the variable that its name says, and one that holds nonsense is named.
    @Test(arguments: StageOptions.table.description.options)
    func eachOptionHasAVariable(option: OptionDescription) throws {
        guard !["help", "options", "delete"].contains(option.name) else { return }
        let name =
            "MPISWARM_STAGE_" + option.name.uppercased().replacing("-", with: "_")
        let isFree: Bool
        switch option.value?.kind {
        case .text, .file, .folder, .cache, .pattern, .rankSequence: isFree = true
        default: isFree = false
        }
        let nonsense = line([name: "non sense"])
        #expect(
            nonsense.hasPrefix("mpiswarm: stage: 'non sense' is not a value for \(name), which")
                || isFree, "\(nonsense)")
        #expect(line([name: ""]) == "no error")
    }

    @Test func theCommandLineWins() throws {
        let variables = [
            "MPISWARM_STAGE_WORKERS": "3", "MPISWARM_STAGE_VERIFY": "1",
            "MPISWARM_STAGE_FORCE": "no", "MPISWARM_STAGE_PROGRESS": "json",
            "MPISWARM_STAGE_EXCLUDE": "x", "MPISWARM_RUN_WORKERS": "9",
        ]
        let plain = try #require(try options(variables))
        #expect(plain.workers == 3 && plain.verify && !plain.force && plain.progress == .json)
        #expect(plain.filters.map(\.pattern.bytes) == [Array("x".utf8)])
        let written = try #require(
            try options(variables, "--workers=5", "--no-progress", "--exclude", "y", "-f"))
        #expect(written.workers == 5 && written.progress == .never && written.force)
        #expect(written.filters.map(\.pattern.bytes) == [Array("y".utf8)])
    }

    @Test func aFileHasOneOptionOnEachLine() throws {
        let file = """
            # as in the batch script
            --limit-rate 100Mbit

              --exclude=a b
            --exclude   *.tmp\u{20}
            -f
            --workers 2
            """
        let found = try #require(
            try options(
                ["MPISWARM_STAGE_WORKERS": "7", "MPISWARM_STAGE_MEMORY": "1M"], file: file,
                "--options", "opts", "--workers=4"))
        #expect(found.limitRate == Rate(text: "100Mbit") && found.force && found.workers == 4)
        #expect(found.memory == Size(bytes: 1 << 20))
        let patterns = found.filters.map { String(decoding: $0.pattern.bytes, as: UTF8.self) }
        #expect(patterns == ["a b", "*.tmp"])
    }

    /// The file that a variable names yields to the command line, too.
    @Test func aVariableMayNameTheFile() throws {
        let variables = ["MPISWARM_STAGE_OPTIONS": "opts", "MPISWARM_STAGE_READERS": "9"]
        let found = try #require(
            try options(variables, file: "--workers 2\n--memory 1M\n--readers 5", "--workers=4"))
        #expect(found.workers == 4 && found.memory == Size(bytes: 1 << 20) && found.readers == 5)
    }

    @Test(arguments: [
        (nil, ": No such file or directory"),
        ("--verify\n--wokers 2", ", line 2: unknown option '--wokers'; the nearest is '--workers'"),
        (
            "--workers x",
            ", line 1: 'x' is not a value for --workers, which takes "
                + "a number from 1 to 64"
        ),
        ("\n--workers", ", line 2: option '--workers' needs a value, a number from 1 to 64"),
        ("dataset", ", line 1: unexpected argument 'dataset'"),
        ("--options other", ", line 1: --options cannot be combined with itself"),
        ("--verify 1", ", line 1: option '--verify' takes no value, but was given '1'"),
    ])
    func aBadLineIsNamed(file: String?, end: String) {
        #expect(
            line(file: file, "--options", "opts") == "mpiswarm: stage: --options 'opts'\(end)\n")
    }

    /// A deletion is asked for by the command line itself.
    @Test(arguments: ["1", "0"])
    func deletingIsTyped(value: String) {
        #expect(
            line(["MPISWARM_STAGE_DELETE": value])
                == "mpiswarm: stage: 'MPISWARM_STAGE_DELETE': --delete is accepted on the command "
                + "line only\n")
        #expect(
            line(file: "--verify\n--delete", "--options", "opts")
                == "mpiswarm: stage: --options 'opts', line 2: --delete is accepted on the command "
                + "line only\n")
        #expect(line(["MPISWARM_STAGE_DELETE": ""], "--delete") == "no error")
    }

    /// A misspelt filter would let files go.
    @Test(arguments: [
        ("EXLUDE", "; the nearest is 'MPISWARM_STAGE_EXCLUDE'"), ("NONSENSICAL_WORDS", ""),
    ])
    func aVariableOfNoOptionIsRefused(name: String, end: String) {
        #expect(
            line(["MPISWARM_STAGE_\(name)": "x", "MPISWARM_OTHER": "x"])
                == "mpiswarm: stage: 'MPISWARM_STAGE_\(name)': it is the variable of no option"
                + "\(end)\n")
    }
}
