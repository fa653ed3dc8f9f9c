/// What a tree that is received needs of the device that it goes to.
struct PartRoom: Equatable, Sendable {
    var needed: Int64 = 0
    /// Beside what stays free.
    var available: Int64 = 0
    /// The same number means the same device on one host only.
    var device: UInt64 = 0
    /// Where that device is mounted, for people.
    var disk = ""
}
