/// Why a tree cannot be received at its destination.
package enum PartError: Error, Equatable, Sendable {
    case storage(StorageError)
    /// Something else has the name of an entry. The first of them, and how many more there are.
    case exists(path: String, more: Int)
    /// On the disk that is mounted there; `taken` of what is available is for others.
    case noRoom(disk: String, needed: Int64, available: Int64, taken: Int64 = 0)
    /// Another job is writing to the same destination.
    case busy(path: String)
}
