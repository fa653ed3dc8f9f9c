import Glibc

/// Makes a call of the C library that returns a negative number and sets `errno` on failure. All
/// such calls pass through here, and an interrupted call is made again.
@discardableResult
package func posix<Result: SignedInteger>(
    _ name: String, _ call: () -> Result
) throws(LaunchError) -> Result {
    while true {
        let result = call()
        guard result < 0 else { return result }
        let reason = errno
        guard reason == EINTR else { throw .call(name, errno: reason) }
    }
}

/// Converts the result of `posix_spawn` and `pthread` functions, which return the error number
/// itself, to the form that `posix` takes.
func settingErrno(_ code: Int32) -> Int32 {
    guard code != 0 else { return 0 }
    errno = code
    return -1
}
