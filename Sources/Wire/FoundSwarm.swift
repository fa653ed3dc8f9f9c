package import Vocabulary

/// One tracker's knowledge of a swarm, as the answer to another tracker's query.
///
///     name · size 8 · pieces 4 · lowest owner 4 · state 1 · fingerprint 8 · publisher 4 ·
///     seal 1 + n · rivals 1 + 20 each · members · the manifest's descriptor, if asked for
package struct FoundSwarm: Equatable, Sendable {
    /// A content of the same name, and the lowest peer that owns it.
    package struct Rival: Equatable, Sendable {
        package let content: ContentID
        package let owner: Rank

        package init(content: ContentID, owner: Rank) {
            self.content = content
            self.owner = owner
        }
    }

    package var name: RelativePath
    package var size: ByteCount
    package var pieces: UInt32
    package var lowestOwner: Rank
    /// Whether a peer of this group may hold pieces of it.
    package var isAlive = false
    /// Whether a peer of this group makes progress.
    package var isActive = false
    /// The pieces that all stalled peers of this group lack; nil if no peer is stalled, or if they
    /// lack different pieces.
    package var fingerprint: UInt64?
    /// Whether a peer of this group is stalled.
    package var isStalled = false
    /// Whether a peer of this group sees the source, and can read pieces that no rank sends any
    /// more.
    package var hasReader = false
    /// The rank whose digests count, where the manifest has none.
    package var publisher: Rank?
    package var seal: [UInt8] = []
    package var rivals: [Rival] = []
    package var members = MemberList(seeds: [], peers: [])
    package var manifest: Descriptor?

    /// Further contents with the same name are left out.
    package static let rivalsMax = 16

    package init(name: RelativePath, size: ByteCount, pieces: UInt32, lowestOwner: Rank) {
        self.name = name
        self.size = size
        self.pieces = pieces
        self.lowestOwner = lowestOwner
    }

    package init(reading tail: RawSpan, seeds: UInt32, peers: UInt32) throws(WireError) {
        var cursor = 0
        name = try tail.readPath(&cursor)
        size = try tail.readSize(&cursor)
        pieces = try tail.read(&cursor)
        guard Int(pieces) <= Geometry.pieceCountMax else { throw .malformed }
        lowestOwner = try tail.readRank(&cursor)
        let state: UInt8 = try tail.read(&cursor)
        guard state < 64 else { throw .malformed }
        isAlive = state & 1 != 0
        isActive = state & 2 != 0
        isStalled = state & 4 != 0
        hasReader = state & 32 != 0
        let lacking: UInt64 = try tail.read(&cursor)
        if state & 8 != 0 { fingerprint = lacking } else if lacking != 0 { throw .malformed }
        let speaker: UInt32 = try tail.read(&cursor)
        if state & 16 != 0 {
            guard let raw = Int32(exactly: speaker) else { throw .malformed }
            publisher = Rank(raw)
        } else if speaker != 0 {
            throw .malformed
        }
        let sealCount: UInt8 = try tail.read(&cursor)
        guard Int(sealCount) <= PieceDigest.byteCountMax else { throw .malformed }
        seal = try tail.readBytes(Int(sealCount), &cursor)
        let rivalCount: UInt8 = try tail.read(&cursor)
        guard Int(rivalCount) <= Self.rivalsMax else { throw .malformed }
        for _ in 0..<rivalCount {
            rivals.append(
                Rival(content: try tail.readContent(&cursor), owner: try tail.readRank(&cursor)))
        }
        members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
        let rest = try tail.readBytes(tail.byteCount - cursor, &cursor)
        manifest = rest.isEmpty ? nil : try Descriptor(parsing: rest)
    }

    package func write(to tail: inout [UInt8]) {
        tail.write(name)
        tail.write(size)
        tail.write(pieces)
        tail.write(lowestOwner)
        var state: UInt8 = isAlive ? 1 : 0
        if isActive { state |= 2 }
        if isStalled { state |= 4 }
        if fingerprint != nil { state |= 8 }
        if publisher != nil { state |= 16 }
        if hasReader { state |= 32 }
        tail.append(state)
        tail.write(fingerprint ?? 0)
        tail.write(UInt32(publisher?.raw ?? 0))
        tail.append(UInt8(seal.count))
        tail += seal
        tail.append(UInt8(min(rivals.count, Self.rivalsMax)))
        for rival in rivals.prefix(Self.rivalsMax) {
            tail.write(rival.content)
            tail.write(rival.owner)
        }
        members.write(to: &tail)
        if let manifest { tail += manifest.bytes }
    }
}
