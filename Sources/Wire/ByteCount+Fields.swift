import Vocabulary

/// A number of bytes in two fields of a head.
extension ByteCount {
    var low: UInt32 { UInt32(truncatingIfNeeded: raw) }
    var high: UInt32 { UInt32(truncatingIfNeeded: raw >> 32) }

    init(low: UInt32, high: UInt32) throws(WireError) {
        guard high <= UInt32(Int32.max) else { throw .malformed }
        self.init(Int64(high) << 32 | Int64(low))
    }
}
