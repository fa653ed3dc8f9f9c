/// The first bytes of every slot.
struct SlotHead: BitwiseCopyable {
    /// The next slot in the reader's inbox, or among the free slots.
    var next: UInt32
    /// The endpoint that reads it.
    var endpoint: UInt32
    var source: Int32
    var byteCount: UInt32
    /// The number of the long buffer with the bytes, plus one; 0 where the bytes fit into the slot.
    var long: UInt32
    /// The request of a payload.
    var request: UInt32
    var kind: UInt8
    var tag: UInt8
    var zero: UInt16 = 0

    static let none = UInt32.max
}
