import CommandLine
import Testing

struct RunOptionsTests {
    private func run(_ words: String...) throws -> RunOptions? {
        guard case .request(.run(let options)) = try program.outcome(of: ["run"] + words) else {
            return nil
        }
        return options
    }

    @Test func outputGoesToTheInputsByDefault() throws {
        let options = try run("inputs/demo")
        #expect(options?.directory == "inputs/demo")
        #expect(options?.outputFolder == "inputs/demo")
        #expect(options?.traceFolder == nil)
        #expect(options?.stats == false)
        #expect(try run("d", "--output", "o", "--stats")?.outputFolder == "o")
        #expect(try run("d", "--output", "o", "--stats")?.stats == true)
    }

    @Test func tracesGoToTheOutputByDefault() throws {
        #expect(try run("d", "--verbose")?.traceFolder == "d")
        #expect(try run("d", "--verbose", "--output=o")?.traceFolder == "o")
        #expect(try run("d", "--verbose", "--trace-dir=t")?.traceFolder == "t")
    }

    @Test func namingATraceFolderAsksForTraces() throws {
        #expect(try run("d", "--trace-dir", "t")?.traceFolder == "t")
    }
}
