/// The kinds of events that a slot may carry to its reader.
enum SlotKind: UInt8 {
    case message
    case payload
    case withdrawn
    case payloadSent
}
