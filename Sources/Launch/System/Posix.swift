import Glibc

/// The funnel for every call of the C library that returns a negative number and sets `errno`.
/// An interrupted call is made again.
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

/// Brings the `posix_spawn` and `pthread` families, which return the error number itself and leave
/// `errno` alone, into the shape the funnel takes.
func settingErrno(_ code: Int32) -> Int32 {
    guard code != 0 else { return 0 }
    errno = code
    return -1
}
