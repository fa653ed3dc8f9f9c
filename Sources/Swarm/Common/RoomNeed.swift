import Vocabulary

/// What one content needs on a device of its host, and what is free there.
struct RoomNeed: Equatable {
    let needed: ByteCount
    let available: ByteCount
    let device: UInt64

    static let none = RoomNeed(needed: .zero, available: .zero, device: 0)
}
