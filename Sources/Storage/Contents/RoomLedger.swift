import Vocabulary

/// The room that growing files still need on each device. Bytes that have arrived do not count:
/// they are on the disk, which has less free room by then.
struct RoomLedger: Sendable {
    /// A need for room: a growing content, or a copy that an order asked for.
    enum Entry: Hashable, Sendable {
        case part(ContentID)
        case copy(WantNumber)
    }

    private struct Row {
        let device: UInt64
        var left: Int64
    }

    private var rows: [Entry: Row] = [:]

    /// Reserves room for `entry`, which replaces its earlier reservation, or throws the reason why
    /// it cannot.
    mutating func reserve(
        _ entry: Entry, _ needed: Int64, of room: DiskRoom, path: String
    ) throws(StorageError) {
        rows[entry] = nil
        let others = rows.values.reduce(0) { $1.device == room.device ? $0 + $1.left : $0 }
        guard needed == 0 || needed + others <= room.available else {
            throw .noRoom(
                path: path, needed: needed, others: others, available: room.available)
        }
        rows[entry] = Row(device: room.device, left: needed)
    }

    mutating func wrote(_ byteCount: Int, of entry: Entry) {
        guard let left = rows[entry]?.left else { return }
        rows[entry]?.left = max(0, left - Int64(byteCount))
    }

    mutating func release(_ entry: Entry) { rows[entry] = nil }
}
