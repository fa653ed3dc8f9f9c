import Synchronization

/// The files of a tree that were read last and will be read again. A reader holds its file, so that
/// it is not closed during a read.
final class OpenSources: Sendable {
    private let slots = Mutex<[Slot]>([])
    private let nextSlot = Atomic<Int>(0)

    private struct Slot {
        let entry: Int
        let file: SharedFile
    }

    /// More than the threads and contents that read at a time; with the roots it is half of what
    /// may be open.
    static let countMax = 64

    func file(of entry: Int) -> SharedFile? {
        slots.withLock { slots in slots.first { $0.entry == entry }?.file }
    }

    /// In the place of the one that came first, where there is no room. Two threads may open the
    /// same file at once; that costs a slot, and no more.
    func keep(_ file: SharedFile, of entry: Int) {
        let slot = Slot(entry: entry, file: file)
        let replaced = slots.withLock { slots -> Slot? in
            guard slots.count == Self.countMax else {
                slots.append(slot)
                return nil
            }
            let position = nextSlot.load(ordering: .relaxed)
            nextSlot.store((position + 1) % Self.countMax, ordering: .relaxed)
            let old = slots[position]
            slots[position] = slot
            return old
        }
        // Closed here, outside the lock.
        _ = consume replaced
    }
}
