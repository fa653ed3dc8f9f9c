/// What stands at the start of every slot.
struct SlotHead: BitwiseCopyable {
    /// The next in the reader's inbox, or among the free slots.
    var next: UInt32
    /// The endpoint that reads it.
    var endpoint: UInt32
    var source: Int32
    var byteCount: UInt32
    /// Where the bytes are when they find no room in the slot: one more than their number.
    var long: UInt32
    /// Of a payload.
    var request: UInt32
    var kind: UInt8
    var tag: UInt8
    var zero: UInt16 = 0

    static let none = UInt32.max
}
