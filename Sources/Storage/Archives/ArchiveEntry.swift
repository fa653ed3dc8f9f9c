import Content

/// An entry as the archive describes it: its names are bytes that are not checked yet.
struct ArchiveEntry: Equatable, Sendable {
    let name: [UInt8]
    let kind: Kind
    let mode: UInt16
    /// Nil if the archive has no date for the entry.
    let modified: FileTime?
    let preserved: Preserved
    /// The length that the archive gives before the bytes; 0 where it gives none.
    let length: Int64

    enum Kind: Equatable, Sendable {
        case file, folder
        case link(target: [UInt8])
        /// Another name of an entry before it.
        case sameFile(as: [UInt8])
        /// A pipe, a socket or a device.
        case special
    }
}
