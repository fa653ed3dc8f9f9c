/// The reason why bytes are no message. Decoding is total: any bytes give a message or one of
/// these.
package enum WireError: Error, Equatable, Sendable {
    /// Shorter than a head, or than its tail length.
    case truncated(byteCount: Int)
    case badVersion(UInt8)
    /// An unknown kind, or one that this reader may not be sent.
    case unknownKind(UInt8)
    /// Bytes that no encoder writes: a reserved field set, a value out of range, a wrong length.
    case malformed
}
