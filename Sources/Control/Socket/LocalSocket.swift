import CLinux
import Glibc

/// A socket of this machine. Closed when it goes.
final class LocalSocket: Sendable {
    let raw: Int32

    init(raw: Int32) { self.raw = raw }

    deinit { Glibc.close(raw) }

    static func connected(to path: String) throws(ControlError) -> LocalSocket {
        let socket = try make()
        let code = unsafe try withAddress(path) { unsafe connect(socket.raw, $0, $1) }
        guard code == 0 else { throw .system(call: "connect", path: path, errno: errno) }
        return socket
    }

    /// Replaces the socket that a killed job left; a socket with a listener is left alone. The
    /// socket gets its name when it listens: another job would take one without a listener for that
    /// of a killed job, and remove it.
    static func listening(at path: String) throws(ControlError) -> LocalSocket {
        let socket = try make()
        let folder = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
        let draft = "\(folder)/.\(getpid())"
        unsafe unlink(draft)
        let code = unsafe try withAddress(draft) { unsafe Glibc.bind(socket.raw, $0, $1) }
        guard code == 0 else { throw .system(call: "bind", path: path, errno: errno) }
        defer { unsafe unlink(draft) }
        guard unsafe chmod(draft, 0o600) == 0, listen(socket.raw, 64) == 0 else {
            throw .system(call: "listen", path: path, errno: errno)
        }
        if try !named(draft, path) {
            do throws(ControlError) {
                _ = try connected(to: path)
            } catch .system(_, _, ECONNREFUSED) {
                unsafe unlink(path)
                guard try named(draft, path) else { throw .taken(path) }
                return socket
            }
            throw .taken(path)
        }
        return socket
    }

    private static func named(
        _ draft: String, _ path: String
    ) throws(ControlError) -> Bool {
        guard unsafe link(draft, path) != 0 else { return true }
        guard errno == EEXIST else { throw .system(call: "link", path: path, errno: errno) }
        return false
    }

    private static func make() throws(ControlError) -> LocalSocket {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let raw = socket(AF_UNIX, kind, 0)
        guard raw >= 0 else { throw .system(call: "socket", path: "", errno: errno) }
        return LocalSocket(raw: raw)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(ControlError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .pathTooLong(path)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    func setNonblocking() { _ = fcntl(raw, F_SETFL, O_NONBLOCK) }

    /// Nil when no client waits.
    func accepted() -> LocalSocket? {
        let connection = accept(raw, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return LocalSocket(raw: connection)
    }

    var user: UInt32 { clinux_user_behind(raw) }

    enum Reading {
        case bytes([UInt8])
        case nothing
        case ended
    }

    func read(upTo count: Int) -> Reading {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = unsafe Glibc.read(raw, &buffer, count)
        if got > 0 { return .bytes(Array(buffer[..<got])) }
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .ended
    }

    /// The number of bytes written; nil when the other end is closed.
    func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let chunk = Array(bytes.prefix(64 << 10))
        let sent = unsafe send(raw, chunk, chunk.count, Int32(MSG_NOSIGNAL))
        if sent >= 0 { return sent }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
