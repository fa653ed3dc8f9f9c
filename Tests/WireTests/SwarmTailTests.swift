import Testing
import Vocabulary
import Wire

/// The tail of an answer about a swarm: its members, then where its manifest is.
struct SwarmTailTests {
    private static let content = ContentID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)

    private func members(_ bytes: [UInt8], seeds: UInt32, peers: UInt32) -> (MemberList, Int)? {
        var cursor = 0
        do {
            let list = try bytes.withBytes { (span) throws(WireError) in
                try MemberList(reading: span, seeds: seeds, peers: peers, at: &cursor)
            }
            return (list, cursor)
        } catch { return nil }
    }

    @Test func membersAreTheseBytes() {
        let list = MemberList(seeds: [Rank(1), Rank(0x0102_0304)], peers: [Rank(.max)])
        var bytes: [UInt8] = []
        list.write(to: &bytes)
        #expect(bytes.hex == "01000000" + "04030201" + "ffffff7f")
        for extra in 0...3 {
            let read = members(bytes + [UInt8](repeating: 0, count: extra), seeds: 2, peers: 1)
            #expect(read?.0 == list)
            #expect(read?.1 == 12, "the descriptor begins behind the members")
        }
        for count in 0..<bytes.count {
            #expect(members(Array(bytes.prefix(count)), seeds: 2, peers: 1) == nil)
        }
        #expect(members(bytes, seeds: 3, peers: 1) == nil)
        #expect(members(bytes, seeds: .max, peers: .max) == nil)
    }

    @Test func aRankIsNeverNegative() {
        for sign in UInt8(0x80)...0xFF {
            #expect(members([0, 0, 0, sign], seeds: 1, peers: 0) == nil)
        }
    }

    @Test func moreMembersThanAreHandedOutAreRefused() {
        let bytes = [UInt8](repeating: 0, count: (MemberList.countMax + 1) * 4)
        let most = UInt32(MemberList.countMax)
        #expect(members(bytes, seeds: most, peers: 0)?.0.seeds.count == MemberList.countMax)
        #expect(members(bytes, seeds: most, peers: 1) == nil)
        #expect(members(bytes, seeds: 1, peers: most) == nil)
    }

    @Test func anInlineDescriptorIsItsManifest() throws {
        let descriptor = Descriptor(inline: [5, 6, 7])
        #expect(descriptor.bytes == [0, 5, 6, 7])
        let read = try Descriptor(parsing: descriptor.bytes)
        #expect(read == descriptor)
        #expect(read.nestedContent == nil)
        #expect(Array(read.manifest) == [5, 6, 7])
        #expect(Array(try Descriptor(parsing: [0]).manifest) == [])
    }

    @Test func aNestedDescriptorNamesItsContent() throws {
        let descriptor = Descriptor(nested: Self.content, manifest: [5, 6])
        #expect(descriptor.bytes.hex == "01" + "08070605040302011817161514131211" + "0506")
        let read = try Descriptor(parsing: descriptor.bytes)
        #expect(read == descriptor)
        #expect(read.nestedContent == Self.content)
        #expect(Array(read.manifest) == [5, 6])
        for count in 1..<17 {
            #expect(throws: WireError.malformed) {
                try Descriptor(parsing: Array(descriptor.bytes.prefix(count)))
            }
        }
    }

    @Test func otherBytesAreNoDescriptor() {
        #expect(throws: WireError.malformed) { try Descriptor(parsing: []) }
        for mark in UInt8(2)...UInt8.max {
            #expect(throws: WireError.malformed) {
                try Descriptor(parsing: [mark] + [UInt8](repeating: 0, count: 32))
            }
        }
        #expect(throws: WireError.malformed) {
            try Descriptor(parsing: [UInt8](repeating: 0, count: Descriptor.byteCountMax + 1))
        }
    }

    @Test func theLongestListAndDescriptorShareOneTail() {
        #expect(MemberList.countMax * 4 + Descriptor.byteCountMax <= Head.tailMax)
    }
}
