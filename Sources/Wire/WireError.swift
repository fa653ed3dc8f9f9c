/// Why bytes are not a message. Decoding is total: any bytes give a message or one of these.
package enum WireError: Error, Equatable, Sendable {
    /// Shorter than a head, or than its tail promises.
    case truncated(byteCount: Int)
    case badVersion(UInt8)
    /// No such kind, or none that this reader may be sent.
    case unknownKind(UInt8)
    /// Bytes that no encoder writes: a reserved field set, a value out of range, a wrong length.
    case malformed
}
