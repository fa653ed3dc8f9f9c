import CLinux
import Glibc

/// The kernel's queue of what happens in folders.
struct WatchQueue: ~Copyable {
    /// Names one watched folder. The kernel never gives a number twice.
    struct Number: Hashable {
        let raw: Int32
    }

    struct Event {
        let number: Number
        let mask: UInt32
        let name: [UInt8]

        var isOverflow: Bool { mask & 0x4000 != 0 }
        var isFolder: Bool { mask & 0x4000_0000 != 0 }
        /// It has come: made, or moved to here.
        var isArrival: Bool { mask & (0x100 | 0x80) != 0 }
        /// It has gone: removed, or moved away.
        var isDeparture: Bool { mask & (0x200 | 0x40) != 0 }
        /// Whether the last writer has closed the file, or the file has arrived whole by a rename.
        var isWritten: Bool { mask & (0x8 | 0x80) != 0 && mask & 0x2 == 0 }
        /// Its rights or its dates have changed, or how many names it has.
        var isOfAttributes: Bool { mask & 0x4 != 0 }
        /// The watched folder itself was moved, or is no longer watched.
        var isOfFolderItself: Bool { mask & (0x800 | 0x8000) != 0 }
    }

    private let queue: OpenFile
    private var buffer = [UInt8](repeating: 0, count: bufferByteCount)

    private static let bufferByteCount = 64 << 10
    private static let headByteCount = 16

    init() throws(StorageError) {
        queue = OpenFile(raw: try posix("inotify_init1", "") { clinux_watch_queue() })
    }

    /// Readable while there are events.
    var descriptor: Int32 { queue.raw }

    /// Nil where there are more folders than the kernel watches.
    borrowing func add(_ path: String) throws(StorageError) -> Number? {
        let raw = queue.raw
        do throws(StorageError) {
            return Number(
                raw: try posix("inotify_add_watch", path) { unsafe clinux_watch(raw, path) })
        } catch .system(_, _, ENOSPC) {
            return nil
        } catch .system(_, _, ENOMEM) {
            return nil
        }
    }

    /// Removes a watch, which may be gone already.
    borrowing func remove(_ number: Number) { clinux_unwatch(queue.raw, number.raw) }

    /// The events since the last call; empty if there are none.
    mutating func next() throws(StorageError) -> [Event] {
        let count: Int
        do throws(StorageError) {
            count = try queue.read(into: &buffer, from: 0, path: "")
        } catch .system(_, _, EAGAIN) {
            return []
        }
        var events: [Event] = []
        var place = 0
        while place + Self.headByteCount <= count {
            let length = Int(number(at: place + 12))
            let start = place + Self.headByteCount
            let name = buffer[start..<min(start + length, count)].prefix { $0 != 0 }
            events.append(
                Event(
                    number: Number(raw: Int32(bitPattern: number(at: place))),
                    mask: number(at: place + 4), name: Array(name)))
            place = start + length
        }
        return events
    }

    /// In the byte order of the machine, which is little-endian wherever this runs.
    private func number(at place: Int) -> UInt32 {
        buffer[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
