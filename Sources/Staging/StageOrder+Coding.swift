import Content
import Vocabulary
package import Wire

/// The bytes of orders, little-endian.
extension StageOrder {
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.write(UInt32(duties.count))
        for duty in duties {
            bytes.write(UInt32(duty.share?.count ?? 0))
            bytes.write(UInt32(duty.share?.position ?? 0))
            bytes.write(UInt8(duty.asksPublisher ? 1 : 0))
            bytes.write(UInt8(duty.standsBy ? 1 : 0))
            bytes.write(UInt8(duty.isFragment ? 1 : 0))
            bytes.write(UInt32(duty.parts.count))
            for part in duty.parts {
                bytes.write(part.start)
                bytes.write(part.end)
            }
            bytes.write(duty.landing)
        }
        bytes.write(landing)
        bytes.write(UInt8(writer == nil ? 0 : 1))
        if let writer { bytes.write(writer) }
        bytes.write(job)
        bytes.write(pieceLength)
        bytes.write(UInt8(sharesRoom ? 1 : 0))
        bytes.write(extras.rawValue)
        bytes.write(UInt32(others.count))
        for path in others { bytes.write(path) }
        bytes.write(ranks: receivers)
        bytes.write(fileCount)
        bytes.write(byteCount)
        bytes.write(UInt32(early?.count ?? 0))
        if let early { bytes.write(early.reader) }
        bytes.write(UInt8(tracking == nil ? 0 : 1))
        tracking?.write(to: &bytes)
        return bytes
    }

    package init(parsing bytes: RawSpan) throws(WireError) {
        self.init()
        var cursor = 0
        let count: UInt32 = try bytes.read(&cursor)
        for _ in 0..<count { duties.append(try Duty(reading: bytes, &cursor)) }
        landing = try bytes.readLanding(&cursor)
        if try bytes.readFlag(&cursor) { writer = try bytes.readRank(&cursor) }
        job = try bytes.read(&cursor)
        pieceLength = try bytes.read(&cursor)
        guard pieceLength > 0 else { throw .malformed }
        sharesRoom = try bytes.readFlag(&cursor)
        guard let extras = ExtraEntries(rawValue: try bytes.read(&cursor)) else {
            throw .malformed
        }
        self.extras = extras
        let otherCount: UInt32 = try bytes.read(&cursor)
        for _ in 0..<otherCount { others.append(try bytes.readFileName(&cursor)) }
        receivers = try bytes.readRankSet(&cursor)
        fileCount = try bytes.read(&cursor)
        byteCount = try bytes.read(&cursor)
        guard fileCount >= 0, byteCount >= 0 else { throw .malformed }
        let earlyCount: UInt32 = try bytes.read(&cursor)
        if earlyCount > 0 {
            guard Int(earlyCount) == duties.count - 1 else { throw .malformed }
            early = EarlyParts(count: Int(earlyCount), reader: try bytes.readRank(&cursor))
        }
        if try bytes.readFlag(&cursor) { tracking = try StageTracking(reading: bytes, &cursor) }
        guard cursor == bytes.byteCount else { throw .malformed }
    }
}

extension StageOrder.Duty {
    fileprivate init(reading bytes: RawSpan, _ cursor: inout Int) throws(WireError) {
        let count: UInt32 = try bytes.read(&cursor)
        let position: UInt32 = try bytes.read(&cursor)
        let asksPublisher = try bytes.readFlag(&cursor)
        let standsBy = try bytes.readFlag(&cursor)
        let isFragment = try bytes.readFlag(&cursor)
        let parts = try bytes.readParts(&cursor)
        guard count > 0 else {
            guard position == 0, !asksPublisher, parts.isEmpty else { throw .malformed }
            self.init()
            self.standsBy = standsBy
            self.isFragment = isFragment
            landing = try bytes.readLanding(&cursor)
            return
        }
        guard position < count, isFragment || parts.isEmpty else { throw .malformed }
        self.init(
            share: ReadShare(position: Int(position), of: Int(count)), asksPublisher: asksPublisher)
        self.standsBy = standsBy
        self.isFragment = isFragment
        self.parts = parts
        landing = try bytes.readLanding(&cursor)
    }
}

extension [UInt8] {
    fileprivate mutating func write(_ landing: Landing?) {
        write(UInt8(landing == nil ? 0 : 1))
        guard let landing else { return }
        write(text: landing.folder)
        write(UInt8(landing.name == nil ? 0 : 1))
        if let name = landing.name { write(name) }
    }
}

extension RawSpan {
    fileprivate func readLanding(_ cursor: inout Int) throws(WireError) -> Landing? {
        guard try readFlag(&cursor) else { return nil }
        let folder = try readText(&cursor)
        return Landing(folder: folder, name: try readFlag(&cursor) ? readFileName(&cursor) : nil)
    }

    fileprivate func readParts(_ cursor: inout Int) throws(WireError) -> [Extent] {
        let count: UInt32 = try read(&cursor)
        guard Int(count) <= (byteCount - cursor) / 16 else { throw .malformed }
        var parts: [Extent] = []
        for _ in 0..<count {
            guard let part = Extent(start: try read(&cursor), end: try read(&cursor)),
                part.start >= parts.last?.end ?? 0
            else { throw .malformed }
            parts.append(part)
        }
        return parts
    }
}

extension StageTracking {
    fileprivate func write(to bytes: inout [UInt8]) {
        bytes.write(UInt32(roomGroups.count))
        for group in roomGroups { Self.write(group, to: &bytes) }
    }

    private static func write(_ ranks: [Rank], to bytes: inout [UInt8]) {
        bytes.write(UInt32(ranks.count))
        for rank in ranks { bytes.write(rank) }
    }

    fileprivate init(reading bytes: RawSpan, _ cursor: inout Int) throws(WireError) {
        let count: UInt32 = try bytes.read(&cursor)
        var groups: [[Rank]] = []
        for _ in 0..<count { groups.append(try Self.ranks(bytes, &cursor)) }
        self.init(roomGroups: groups)
    }

    private static func ranks(
        _ bytes: RawSpan, _ cursor: inout Int
    ) throws(WireError) -> [Rank] {
        let count: UInt32 = try bytes.read(&cursor)
        var ranks: [Rank] = []
        for _ in 0..<count { ranks.append(try bytes.readRank(&cursor)) }
        return ranks
    }
}

/// Ranks in ascending order as one bit each: every order contains all of them, and four bytes each
/// would be too much for thousands.
extension [UInt8] {
    fileprivate mutating func write(ranks: [Rank]) {
        var bits = [UInt8](repeating: 0, count: ranks.last.map { Int($0.raw) / 8 + 1 } ?? 0)
        for rank in ranks { bits[Int(rank.raw) / 8] |= 1 << UInt8(rank.raw % 8) }
        write(UInt32(bits.count))
        self += bits
    }
}

extension RawSpan {
    fileprivate func readRankSet(_ cursor: inout Int) throws(WireError) -> [Rank] {
        let count: UInt32 = try read(&cursor)
        let bits = try readBytes(Int(count), &cursor)
        // The last byte holds the highest rank: the same ranks have no second form.
        guard bits.last != 0 else { throw .malformed }
        return (0..<bits.count * 8).lazy.filter { bits[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
            .map { Rank(Int32($0)) }
    }
}
