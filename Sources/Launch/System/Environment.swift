import Glibc

/// The process's environment, read and written before there is a second thread: `setenv` and
/// `getenv` of two threads would race.
enum Environment {
    static func value(of variable: String) -> String? {
        guard let text = unsafe getenv(variable) else { return nil }
        return unsafe String(cString: text)
    }

    static func set(
        _ variable: String, to value: String, overwriting: Bool
    ) throws(LaunchError) {
        try posix("setenv") { unsafe setenv(variable, value, overwriting ? 1 : 0) }
    }

    static func remove(_ variable: String) throws(LaunchError) {
        try posix("unsetenv") { unsafe unsetenv(variable) }
    }
}
