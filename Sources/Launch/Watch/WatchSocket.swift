import Glibc
import Vocabulary

/// The sockets over which ranks watch one another: IPv4, never blocking, not inherited.
enum WatchSocket {
    private static let kind =
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        | Int32(SOCK_CLOEXEC.rawValue)
    static let loopback = UInt32(0x7F00_0001).bigEndian
    private static let waitingMax: Int32 = 4096

    /// Listens at a port that the kernel chooses, on all interfaces.
    static func listening() throws(LaunchError) -> (socket: Int32, port: UInt16) {
        let listener = try posix("socket") { socket(AF_INET, kind, 0) }
        do throws(LaunchError) {
            try posix("bind") {
                unsafe withAddress(0, port: 0) { unsafe bind(listener, $0, $1) }
            }
            try posix("listen") { listen(listener, waitingMax) }
            var name = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            try posix("getsockname") {
                unsafe withUnsafeMutablePointer(to: &name) {
                    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe getsockname(listener, $0, &length)
                    }
                }
            }
            return (listener, UInt16(bigEndian: name.sin_port))
        } catch {
            close(listener)
            throw error
        }
    }

    /// A socket that is connected, or connecting; nil if the address cannot be reached.
    static func calling(
        _ address: UInt32, port: UInt16
    ) -> (socket: Int32, isConnected: Bool)? {
        let caller = socket(AF_INET, kind, 0)
        guard caller >= 0 else { return nil }
        let code = unsafe withAddress(address, port: port) { unsafe connect(caller, $0, $1) }
        guard code == 0 || errno == EINPROGRESS else {
            close(caller)
            return nil
        }
        return (caller, code == 0)
    }

    static func accepted(from listener: Int32) -> Int32? {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        return connection
    }

    /// Whether a socket that was connecting is connected.
    static func isConnected(_ socket: Int32) -> Bool {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0 && code == 0
    }

    /// The addresses of this host, without loopback.
    static func addresses() -> [UInt32] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return [] }
        defer { unsafe freeifaddrs(list) }
        var found: [UInt32] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = entry.pointee.ifa_next
            let flags = unsafe entry.pointee.ifa_flags
            guard flags & UInt32(IFF_UP) != 0,
                flags & UInt32(IFF_LOOPBACK) == 0,
                let address = unsafe entry.pointee.ifa_addr,
                unsafe address.pointee.sa_family == sa_family_t(AF_INET)
            else { continue }
            let number = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe $0.pointee.sin_addr.s_addr
            }
            if !found.contains(number) { found.append(number) }
        }
        return found
    }

    private static func withAddress(
        _ address: UInt32, port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address
        return unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
