import TestSupport
import Testing

extension Scratch {
    /// A script in the folder. Returns what it printed.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let command = ["sh", "-c", "cd \"$0\" && " + script, path]
        let result = try ProcessRunner.run(command, limit: .seconds(60))
        #expect(result.status == 0, "\(script): \(result.errors)")
        return result.output
    }
}
