/// Why a tree cannot be received at its destination.
package enum PartError: Error, Equatable, Sendable {
    case storage(StorageError)
    /// Something else has the name of an entry: the first such path, and the number of further
    /// ones.
    case exists(path: String, Obstacle, more: Int)
    /// The disk that is mounted there is too small; `taken` of the available bytes are for other
    /// copies.
    case noRoom(disk: String, needed: Int64, available: Int64, taken: Int64 = 0)
    /// Another job is writing to the same destination.
    case busy(path: String)

    /// The thing that has the name of an entry.
    package enum Obstacle: Equatable, Sendable {
        /// Another file or link in place of a file or link, which may be replaced on request.
        case other
        /// A folder in place of a file or link.
        case folder
        /// Anything other than a folder, in place of a folder.
        case noFolder
        /// A pipe, a device or a socket.
        case special
        /// The part folder of this job.
        case own
    }
}
