/// The room that a received tree needs on its device.
struct PartRoom: Equatable, Sendable {
    var needed: Int64 = 0
    /// The free bytes without the reserve that stays free.
    var available: Int64 = 0
    /// The same number means the same device on one host only.
    var device: UInt64 = 0
    /// The place where that device is mounted, for messages.
    var disk = ""
}
