package import Vocabulary

// Readers and writers of tails. A reader is a span and a cursor, because a struct that holds a span
// could not be stored in a variable; a writer is the byte array in which machines collect tails.

extension RawSpan {
    package func read<T: FixedWidthInteger & BitwiseCopyable>(
        _ cursor: inout Int
    ) throws(WireError) -> T {
        let end = cursor + MemoryLayout<T>.size
        guard end <= byteCount else { throw .truncated(byteCount: byteCount) }
        let value: T = field(at: cursor)
        cursor = end
        return value
    }

    package func readBytes(_ count: Int, _ cursor: inout Int) throws(WireError) -> [UInt8] {
        guard count <= byteCount - cursor else { throw .truncated(byteCount: byteCount) }
        let start = cursor
        cursor += count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for offset in start..<cursor { bytes.append(field(at: offset)) }
        return bytes
    }

    package func readContent(_ cursor: inout Int) throws(WireError) -> ContentID {
        ContentID(high: try read(&cursor), low: try read(&cursor))
    }

    /// A name that another rank chose is as hostile as one in a file.
    package func readPath(_ cursor: inout Int) throws(WireError) -> RelativePath {
        let count: UInt16 = try read(&cursor)
        let bytes = try readBytes(Int(count), &cursor)
        do { return try RelativePath(utf8: bytes) } catch { throw .malformed }
    }

    /// A name on a disk, which need not be text.
    package func readFileName(_ cursor: inout Int) throws(WireError) -> RelativePath {
        let count: UInt16 = try read(&cursor)
        let bytes = try readBytes(Int(count), &cursor)
        do throws(PathError) { return try RelativePath(bytes: bytes) } catch { throw .malformed }
    }

    package func readSize(_ cursor: inout Int) throws(WireError) -> ByteCount {
        let raw: Int64 = try read(&cursor)
        guard (0...Self.sizeMax).contains(raw) else { throw .malformed }
        return ByteCount(raw)
    }

    /// 256 TiB. The sums that thirty thousand ranks claim can still be added, so that no report
    /// overflows the sum of all.
    static var sizeMax: Int64 { 1 << 48 }

    /// A number that another rank counted, bounded like a size and for the same reason.
    package func readTally(_ cursor: inout Int) throws(WireError) -> UInt64 {
        let raw: UInt64 = try read(&cursor)
        guard raw <= UInt64(Self.sizeMax) else { throw .malformed }
        return raw
    }

    /// A time in microseconds, from an origin that the message defines.
    package func readMoment(_ cursor: inout Int) throws(WireError) -> Duration {
        let raw: UInt64 = try read(&cursor)
        guard raw <= Self.microsecondsMax else { throw .malformed }
        return .microseconds(Int64(raw))
    }

    /// Nine years: no sum that is computed from it overflows.
    package static var microsecondsMax: UInt64 { 1 << 48 }

    package func readRank(_ cursor: inout Int) throws(WireError) -> Rank {
        try Rank(field: try read(&cursor))
    }
}

extension [UInt8] {
    package mutating func write<T: FixedWidthInteger>(_ value: T) {
        for byte in 0..<MemoryLayout<T>.size {
            append(UInt8(truncatingIfNeeded: value >> T(byte * 8)))
        }
    }

    package mutating func write(_ content: ContentID) {
        write(content.high)
        write(content.low)
    }

    package mutating func write(_ path: RelativePath) {
        write(UInt16(path.utf8.count))
        append(contentsOf: path.utf8)
    }

    package mutating func write(_ size: ByteCount) { write(size.raw) }

    package mutating func write(_ moment: Duration) { write(moment.wholeNanoseconds / 1000) }

    package mutating func write(_ rank: Rank) { write(UInt32(rank.raw)) }
}

extension RawSpan {
    /// The whole span as an array.
    package func readBytes(_ count: Int) throws(WireError) -> [UInt8] {
        var cursor = 0
        return try readBytes(count, &cursor)
    }
}

extension RelativePath {
    /// A tail that consists of a name.
    package init(reading tail: RawSpan) throws(WireError) {
        let bytes = try tail.readBytes(tail.byteCount)
        do { try self.init(utf8: bytes) } catch { throw .malformed }
    }
}
