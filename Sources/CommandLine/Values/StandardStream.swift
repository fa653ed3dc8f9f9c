import Glibc

/// Standard output or standard error, written without buffering.
package enum StandardStream: Int32, Hashable, Sendable {
    case output = 1
    case error = 2

    package enum WriteError: Error, Hashable {
        /// The other end of the pipe is closed, as by `| head`. This is seen only if SIGPIPE is
        /// ignored; otherwise the signal ends the process.
        case readerGone
        case failed(errno: Int32)
    }

    package func write(_ text: String) throws(WriteError) {
        try writeAll(Array(text.utf8), to: rawValue)
    }

    package func write(_ bytes: [UInt8]) throws(WriteError) {
        try writeAll(bytes, to: rawValue)
    }
}

/// A function of its own so that a test can pass a pipe.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(StandardStream.WriteError) {
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

/// A launcher may pass a non-blocking pipe. The result of `poll` does not matter: the next `write`
/// fails with the error if there is one.
private func waitUntilWritable(_ descriptor: Int32) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, -1)
}
