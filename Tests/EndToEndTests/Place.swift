import Glibc
import TestSupport
import Testing

/// A folder of one test with what a script makes in it, removed with everything at the end.
final class Place {
    let path: String

    init(_ script: String) throws {
        path = try Folders.makeTemporary()
        try shell(script)
    }

    deinit {
        do {
            let result = try ProcessRunner.run(["rm", "-rf", path], limit: .seconds(20))
            #expect(result.status == 0, "\(result.errors)")
        } catch {
            Issue.record("\(path) stays behind: \(error)")
        }
    }

    func shell(_ script: String) throws {
        let result = try ProcessRunner.run(
            ["sh", "-c", "cd \"$0\" && " + script, path], limit: .seconds(60))
        #expect(result.status == 0, "\(result.errors)")
    }

    func swarm(_ words: String...) throws -> CommandResult { try swarm(words) }

    /// Words that begin with `./` are paths in here.
    func swarm(_ words: [String], environment: [String] = []) throws -> CommandResult {
        try ProcessRunner.run(
            [ProcessRunner.product("mpiswarm")] + words.map(inside), environment: environment,
            limit: .seconds(60))
    }

    func inside(_ word: String) -> String { word.hasPrefix("./") ? path + word.dropFirst() : word }
}
