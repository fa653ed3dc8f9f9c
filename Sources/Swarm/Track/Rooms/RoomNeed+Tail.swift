import Vocabulary
import Wire

extension RoomNeed {
    func write(to tail: inout [UInt8]) {
        tail.write(needed.raw)
        tail.write(available.raw)
        tail.write(device)
    }

    init(reading tail: RawSpan) throws(WireError) {
        var cursor = 0
        let needed: Int64 = try tail.read(&cursor)
        let available: Int64 = try tail.read(&cursor)
        device = try tail.read(&cursor)
        guard cursor == tail.byteCount, needed >= 0, available >= 0 else { throw .malformed }
        self.needed = ByteCount(needed)
        self.available = ByteCount(available)
    }
}
