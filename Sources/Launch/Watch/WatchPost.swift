/// The address at which a rank waits for the connections of the others, in the form in which it is
/// broadcast:
///
///     0   port, 2 bytes; 0 where the rank does not listen
///     2   number of addresses, 1 byte, and 5 bytes of zero
///     8   host, 8 bytes
///     16  token, 16 bytes
///     32  addresses, 4 bytes each in network order, unused ones zero
///
/// Numbers are little-endian. Invariant: a post has a port, and at least one address.
package struct WatchPost: Equatable, Sendable {
    package static let byteCount = 32 + 4 * addressesMax
    static let tokenCount = 16
    static let addressesMax = 16

    let port: UInt16
    /// The number of the host. Ranks of the same host try the loopback address.
    let host: UInt64
    /// The secret of the job: a connection that does not begin with it is not from a rank of the
    /// job.
    let token: [UInt8]
    let addresses: [UInt32]

    init?(port: UInt16, host: UInt64, token: [UInt8], addresses: [UInt32]) {
        guard port != 0, token.count == Self.tokenCount, !addresses.isEmpty else { return nil }
        self.port = port
        self.host = host
        self.token = token
        self.addresses = Array(addresses.prefix(Self.addressesMax))
    }

    /// Nil if the rank does not listen, or the bytes are invalid.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        func number(_ place: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
        }
        let count = Int(bytes[2])
        guard count <= Self.addressesMax, number(3, 5) == 0 else { return nil }
        self.init(
            port: UInt16(number(0, 2)), host: number(8, 8), token: Array(bytes[16..<32]),
            addresses: (0..<count).map { UInt32(number(32 + 4 * $0, 4)) })
    }

    package var encoded: [UInt8] {
        func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        }
        let padded = addresses + Array(repeating: 0, count: Self.addressesMax - addresses.count)
        return bytes(UInt64(port), 2) + bytes(UInt64(addresses.count), 6) + bytes(host, 8) + token
            + padded.flatMap { bytes(UInt64($0), 4) }
    }
}
