import Glibc

extension ProcessRunner {
    /// The folder of the built products. The test runner is one of them.
    package static var productsFolder: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        precondition(length > 0, "no /proc/self/exe")
        let path = String(decoding: buffer.prefix(length), as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// The path of a program that this package builds. `MPISWARM_PROGRAM` takes the place of
    /// mpiswarm, so that the release build can be tested, which is the one that users run.
    package static func product(_ name: String) -> String {
        if name == "mpiswarm", let path = unsafe getenv("MPISWARM_PROGRAM") {
            return unsafe String(cString: path)
        }
        return "\(productsFolder)/\(name)"
    }

    /// Runs `np` ranks of a program of this package: as root too, on however few cores, bound to
    /// none. `user` are the words of a command that becomes another user.
    package static func mpirun(
        np: Int, product name: String = "mpiswarm", arguments: [String],
        as user: [String] = [], environment: [String] = [], limit: Duration = .seconds(30),
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws(CommandError) -> CommandResult {
        let launcher =
            user + [
                "mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none",
                "-np", "\(np)", product(name),
            ]
        return try run(
            launcher + arguments, environment: environment, limit: limit, meanwhile: meanwhile)
    }
}
