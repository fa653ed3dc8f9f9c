internal import Foundation

/// Runs a product of this package under mpirun, bounded in time.
enum Mpirun {
    static func run(
        _ command: [String], ranks: Int, settings: [String] = []
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["timeout", "60", "mpirun", "--allow-run-as-root", "--oversubscribe"]
            + ["--bind-to", "none", "-np", "\(ranks)"] + settings + [products.path() + command[0]]
            + command.dropFirst()
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    /// Where the build put its products: beside the bundle of the tests.
    private static var products: URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    }
}
