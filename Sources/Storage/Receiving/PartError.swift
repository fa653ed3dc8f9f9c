/// Why a tree cannot be received at its destination.
package enum PartError: Error, Equatable, Sendable {
    case storage(StorageError)
    /// Something else has the name of an entry. The first of them, and how many more there are.
    case exists(path: String, Obstacle, more: Int)
    /// On the disk that is mounted there; `taken` of what is available is for others.
    case noRoom(disk: String, needed: Int64, available: Int64, taken: Int64 = 0)
    /// Another job is writing to the same destination.
    case busy(path: String)

    /// What has the name of an entry.
    package enum Obstacle: Equatable, Sendable {
        /// Another file or link in place of a file or link, which may be replaced on request.
        case other
        /// A folder in place of a file or link.
        case folder
        /// Anything that is no folder, in place of a folder.
        case noFolder
        /// A pipe, a device or a socket.
        case special
        /// The folder in which this job keeps what has arrived.
        case own
    }
}
