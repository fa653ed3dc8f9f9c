import Glibc

/// The one way into the system: calls again what a signal interrupted, and turns -1 into an
/// error that says which call on which path.
@discardableResult
func posix<Answer: SignedInteger>(
    _ call: String, _ path: String, _ body: () -> Answer
) throws(StorageError) -> Answer {
    while true {
        let answer = body()
        guard answer == -1 else { return answer }
        let code = errno
        guard code == EINTR else { throw .system(call: call, path: path, errno: code) }
    }
}
