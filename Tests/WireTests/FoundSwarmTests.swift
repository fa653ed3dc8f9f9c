import Testing
import Vocabulary
import Wire

struct FoundSwarmTests {
    private static func found() throws -> FoundSwarm {
        var found = FoundSwarm(
            name: try RelativePath("a/b"), size: ByteCount(1 << 40), pieces: 77,
            lowestOwner: Rank(3))
        found.isAlive = true
        found.isStalled = true
        found.hasReader = true
        found.fingerprint = 0x0102_0304_0506_0708
        found.publisher = Rank(8)
        found.seal = [9, 8, 7]
        found.rivals = [FoundSwarm.Rival(content: ContentID(high: 1, low: 2), owner: Rank(5))]
        found.members = MemberList(seeds: [Rank(3)], peers: [Rank(4), Rank(6)])
        found.manifest = Descriptor(inline: [1, 2, 3])
        return found
    }

    private func read(_ bytes: [UInt8]) throws(WireError) -> FoundSwarm {
        try bytes.withBytes { (span) throws(WireError) in
            try FoundSwarm(reading: span, seeds: 1, peers: 2)
        }
    }

    @Test func aWrittenSwarmIsRead() throws {
        var bytes: [UInt8] = []
        let found = try Self.found()
        found.write(to: &bytes)
        #expect(try read(bytes) == found)
        var short = found
        short.fingerprint = nil
        short.manifest = nil
        bytes = []
        short.write(to: &bytes)
        #expect(try read(bytes) == short)
    }

    @Test func everyPrefixIsRefusedOrCanonical() throws {
        var bytes: [UInt8] = []
        try Self.found().write(to: &bytes)
        // Without its manifest it is another, and as good.
        let least = bytes.count - 4
        for count in 0..<bytes.count {
            let prefix = Array(bytes.prefix(count))
            if let found = attempt(prefix) {
                #expect(count >= least)
                #expect(written(found) == prefix)
            }
        }
    }

    @Test func everyCorruptByteIsRefusedOrCanonical() throws {
        var bytes: [UInt8] = []
        try Self.found().write(to: &bytes)
        var lies = 0
        for offset in bytes.indices {
            let honest = bytes[offset]
            for value in UInt8.min...UInt8.max where value != honest {
                bytes[offset] = value
                if let found = attempt(bytes), written(found) != bytes { lies += 1 }
            }
            bytes[offset] = honest
        }
        #expect(lies == 0)
    }

    private func attempt(_ bytes: [UInt8]) -> FoundSwarm? {
        do { return try read(bytes) } catch { return nil }
    }

    private func written(_ found: FoundSwarm) -> [UInt8] {
        var bytes: [UInt8] = []
        found.write(to: &bytes)
        return bytes
    }
}
