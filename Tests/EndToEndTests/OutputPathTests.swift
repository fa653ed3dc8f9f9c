import FoundationEssentials
import TestSupport
import Testing

/// Files that a job writes beside what it is for.
@Suite(.waitsForProcesses) struct OutputPathTests {
    private static let commands = [
        ["stage", "--json"], ["stage", "--report"], ["stage", "--trace-dir"],
        ["run", "--report"], ["run", "--trace-dir"], ["serve", "--trace-dir"],
    ]

    private func place() throws -> Place {
        try Place("printf hello > one && mkdir folder share && mkdir -p in && : > file")
    }

    private func run(_ place: Place, _ words: [String], _ path: String) throws -> CommandResult {
        let rest =
            switch words[0] {
            case "stage": ["./one", "./copy"]
            case "run": [Folders.repository + "/inputs/demo", "--output", "./out"]
            default: ["--share", "./share"]
            }
        let np = words[0] == "run" ? 4 : 2
        return try ProcessRunner.mpirun(
            np: np, arguments: (words + [path] + rest).map(place.inside), limit: .seconds(60))
    }

    /// A missing folder, a file that would have to be one, and a folder of the kernel's.
    @Test(arguments: commands, ["./missing/a/b", "./file/b", "/proc/a/b"])
    func anImpossiblePathIsRefusedBeforeTheStart(words: [String], path: String) throws {
        let place = try place()
        let result = try run(place, words, path)
        #expect(result.status == 2)
        #expect(!result.ranOut)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.count == 1, "\(result.errors)")
        #expect(ours.first?.hasPrefix("mpiswarm: \(words[0]): \(words[1]) ") == true)
        #expect(ours.first?.contains("cannot be written") == true, "\(ours)")
        try place.shell("test ! -e copy && test ! -e out && test ! -e missing")
    }

    @Test(
        arguments: [
            ["stage", "--json"], ["stage", "--report"], ["stage", "--log"], ["run", "--report"],
        ])
    func aFolderInThePlaceOfAFileIsRefused(words: [String]) throws {
        let place = try place()
        let result = try run(place, words, "./folder")
        #expect(result.status == 2)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.count == 1, "\(result.errors)")
        try place.shell("test ! -e copy && test ! -e out")
    }

    /// The job makes the folder, and the page lies in it.
    @Test func aPageMayLieInTheOutput() throws {
        let place = try place()
        let result = try run(place, ["run", "--report"], "./out/page.html")
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("test -s out/page.html")
    }

    @Test func aHyphenIsStandardOutput() throws {
        let place = try place()
        let result = try run(place, ["stage", "--json"], "-")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try JSONDecoder().decode(
            StageSummary.self, from: Data(result.output.utf8))
        #expect(summary.complete)
        #expect(result.errors.contains("1 of 1 copies of 1 file"))
        try place.shell("test ! -e ./-")
    }
}
