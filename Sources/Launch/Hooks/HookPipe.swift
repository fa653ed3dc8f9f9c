import Glibc

/// One direction between a worker and its hook runner: messages of bytes, each after its length in
/// four bytes.
enum HookPipe {
    static let messageMax = 1 << 20

    static func send(_ message: [UInt8], to descriptor: Int32) throws(LaunchError) {
        let length = UInt32(message.count)
        let head = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        try writeAll(head + message, to: descriptor)
    }

    /// Receives a message; nil if the other end is closed.
    static func receive(from descriptor: Int32) throws(LaunchError) -> [UInt8]? {
        guard let head = try readExactly(4, from: descriptor) else { return nil }
        let length = head.enumerated().reduce(0) { $0 | Int($1.element) << ($1.offset * 8) }
        guard length <= messageMax else { return nil }
        return try readExactly(length, from: descriptor)
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(LaunchError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try posix("write") {
                unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func readExactly(
        _ count: Int, from descriptor: Int32
    ) throws(LaunchError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let found = try posix("read") {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe read(
                        descriptor, $0.baseAddress.map { unsafe $0 + filled }, count - filled)
                }
            }
            guard found > 0 else { return nil }
            filled += found
        }
        return bytes
    }
}
