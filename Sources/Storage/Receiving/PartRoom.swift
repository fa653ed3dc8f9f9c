import Content

/// The room that a received tree needs on its device.
struct PartRoom: Equatable, Sendable {
    var needed: Int64 = 0
    /// The free bytes without the reserve that stays free.
    var available: Int64 = 0
    /// The same number means the same device on one host only.
    var device: UInt64 = 0
    /// The place where that device is mounted, for messages.
    var disk = ""

    /// The room for a whole copy in a folder that is not there. Fails if it is not available.
    static func demanded(
        for manifest: TreeManifest, in folder: String
    ) throws(PartError) -> PartRoom {
        let room: PartRoom
        do throws(StorageError) { room = try PartRoom(ofAll: manifest, in: folder) } catch {
            throw .storage(error)
        }
        try room.demand()
        return room
    }

    var isEnough: Bool { needed == 0 || needed <= available }

    func demand() throws(PartError) {
        guard isEnough else { throw refusal(taken: 0) }
    }

    /// `taken` is what other copies of this host need.
    func refusal(taken: Int64) -> PartError {
        .noRoom(disk: disk, needed: needed, available: available, taken: taken)
    }
}
