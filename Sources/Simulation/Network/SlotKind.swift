/// What a slot brings to its reader.
enum SlotKind: UInt8 {
    case message
    case payload
    case withdrawn
    case payloadSent
}
