import Glibc

/// Standard output or standard error, written without buffering.
package enum StandardStream: Int32, Hashable, Sendable {
    case output = 1
    case error = 2

    package enum Failure: Error, Hashable {
        /// The other end of the pipe is closed, as by `| head`. Only seen where SIGPIPE is
        /// ignored; it ends the process otherwise.
        case readerGone
        case failed(errno: Int32)
    }

    package func write(_ text: String) throws(Failure) {
        try writeAll(Array(text.utf8), to: rawValue)
    }

    package func write(_ bytes: [UInt8]) throws(Failure) {
        try writeAll(bytes, to: rawValue)
    }
}

/// Apart from the stream so that a test can hand in a pipe.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(StandardStream.Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let written = unsafe rest.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if written >= 0 {
            rest.removeFirst(written)
            continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN: waitUntilWritable(descriptor)
        case EPIPE: throw .readerGone
        case let code: throw .failed(errno: code)
        }
    }
}

/// A launcher may hand down a pipe that does not block. What `poll` says is of no interest: the
/// next `write` finds out, and names the error if there is one.
private func waitUntilWritable(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, -1)
}
