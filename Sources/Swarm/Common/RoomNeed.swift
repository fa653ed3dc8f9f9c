import Vocabulary

/// The space that one content needs on a device of its host, and the space that is free there.
struct RoomNeed: Equatable {
    let needed: ByteCount
    let available: ByteCount
    let device: UInt64

    static let none = RoomNeed(needed: .zero, available: .zero, device: 0)
}
