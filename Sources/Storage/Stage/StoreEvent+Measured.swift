import Vocabulary

extension StoreEvent {
    static func measured(_ content: ContentID, _ room: PartRoom) -> StoreEvent {
        .measured(
            content, needed: ByteCount(room.needed), available: ByteCount(room.available),
            device: room.device)
    }
}
