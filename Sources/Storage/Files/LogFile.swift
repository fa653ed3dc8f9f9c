import Glibc

/// A file to which a line is appended now and then, also by other processes. It is opened for each
/// line, so that a file that was moved away is created again, as programs that rotate logs expect.
package struct LogFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Creates the file if it is missing. Throws if lines cannot be appended.
    package func create() throws(StorageError) { _ = try open() }

    /// Appends the line in one write, so that lines of several processes never tear.
    package func append(_ line: String) throws(StorageError) {
        let file = try open()
        let bytes = Array(line.utf8)
        try unsafe file.write(bytes.span.bytes, path: path)
        try file.close(path: path)
    }

    /// A pipe is refused, because its reader could block the writer.
    private func open() throws(StorageError) -> OpenFile {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC
        let file = OpenFile(
            raw: try posix("open", path) { unsafe Glibc.open(path, flags, 0o666) })
        let isRegular = try file.status(path: path).st_mode & S_IFMT == S_IFREG
        guard isRegular else { throw .notAFile(path: path) }
        return file
    }
}
