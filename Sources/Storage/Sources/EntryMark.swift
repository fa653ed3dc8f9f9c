import Glibc

/// The state of a file or link. It changes with every change of the bytes or of the entry, even if
/// the date is put back.
struct EntryMark: Equatable, Sendable {
    private let device: UInt64
    private let stamp: FileStamp

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        stamp = FileStamp(status)
    }
}
