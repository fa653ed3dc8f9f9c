import Testing

@testable import CommandLine

/// The options of Slurm's sbcast, in the spellings that its scripts have.
@Suite struct SbcastOptionsTests {
    private func options(
        _ words: String..., variables: [String: String] = [:]
    ) throws -> SbcastOptions? {
        let program = Program(
            version: "1", date: "",
            sources: OptionSources(
                names: { Array(variables.keys) }, variable: { variables[$0] },
                file: { _ in .success([]) }), libraries: { [] })
        guard case .request(.sbcast(let options)) = try program.outcome(of: ["sbcast"] + words)
        else { return nil }
        return options
    }

    @Test func itsOptionsAreThoseOfStage() throws {
        let staging = try #require(try options("-f", "-p", "a", "/tmp/b")?.staging)
        #expect(staging.command == "sbcast" && StageOptions().command == "stage")
        #expect(staging.paths == ["a", "/tmp/b"] && staging.force && staging.quiet)
        #expect(
            !staging.withLibs && staging.skippedFolders == StageOptions.systemFolders
                && staging.progress == .never)
        #expect(try options("-v", "a", "b")?.staging.quiet == false)
        let libraries = try #require(
            try options("--send-libs", "--exclude=/lib,/opt/x", "a", "b")?.staging)
        #expect(libraries.withLibs && libraries.skippedFolders == ["/lib", "/opt/x"])
        #expect(
            try options("--send-libs", "--exclude=NONE", "a", "b")?.staging.skippedFolders == [])
    }

    /// As `getopt` takes them: a value right after its letter, an optional one only behind `=` or
    /// right after the letter.
    @Test func valuesAreWrittenAsSbcastTakesThem() throws {
        let options = try #require(
            try options(
                "-fpv", "-F4", "-s8m", "-t", "60", "-j12.0", "-Clz4", "--send-libs=no", "a", "b"))
        #expect(options.force && options.preserve && options.verbose)
        #expect(options.fanout == 4 && options.size == "8m" && options.timeout == "60")
        #expect(options.jobid == "12.0" && options.compress == .lz4 && options.sendLibs == .no)
        #expect(try self.options("--compress", "a", "b")?.compress == .lz4)
        #expect(try self.options("-C", "a", "b")?.compress == .lz4)
        #expect(
            try self.options("--compress=none", "a", "b")?.compress
                == SbcastOptions.Compression.none)
        #expect(try self.options("--send-libs=yes", "a", "b")?.sendLibs == .yes)
        for words in [
            ["--send-libs=maybe", "a", "b"], ["-Czip", "a", "b"], ["a"], ["a", "b", "c"],
            ["--exclude", "lib", "a", "b"], ["-q4", "a", "b"], ["-f4", "a", "b"],
        ] {
            #expect(throws: UsageError.self) { try program.outcome(of: ["sbcast"] + words) }
        }
    }

    @Test func itsVariablesCount() throws {
        let options = try #require(
            try options(
                "a", "b",
                variables: [
                    "SBCAST_FORCE": "1", "SBCAST_SEND_LIBS": "yes", "SBCAST_COMPRESS": "lz4",
                    "SBCAST_EXCLUDE": "/lib", "SBCAST_FANOUT": "4", "SBCAST_SIZE": "1m",
                    "SBCAST_TIMEOUT": "9", "SBCAST_PRESERVE": "yes",
                ]))
        #expect(options.force && options.sendLibs == .yes && options.compress == .lz4)
        #expect(options.exclude == ["/lib"] && options.fanout == 4 && options.preserve)
        #expect(
            try self.options("--send-libs=no", "a", "b", variables: ["SBCAST_SEND_LIBS": "1"])?
                .sendLibs == .no)
        #expect(try self.options("a", "b", variables: ["SBCAST_SEND_LIBS": "0"])?.sendLibs == .no)
    }
}
