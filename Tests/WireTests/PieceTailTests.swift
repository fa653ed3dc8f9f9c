import Testing
import Vocabulary
import Wire

struct PieceTailTests {
    private func set(_ pieces: [Int], of capacity: Int) -> PieceSet {
        var set = PieceSet(none: capacity)
        for piece in pieces { set.insert(PieceIndex(piece)) }
        return set
    }

    private func bits(_ set: PieceSet, first: Int, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.writeBits(of: set, first: first, count: count)
        return bytes
    }

    /// Nil where the page is refused; nothing may then have been added.
    private func inserting(
        _ bytes: [UInt8], first: UInt32, count: UInt32, into known: PieceSet
    ) -> PieceSet? {
        var set = known
        do {
            try bytes.withBytes { (span) throws(WireError) in
                try set.insert(bits: span, first: first, count: count)
            }
            set.checkInvariants()
            return set
        } catch {
            #expect(set == known, "half a page was added")
            return nil
        }
    }

    @Test func bitsAreTheseBytes() {
        #expect(bits(set([0, 9, 19], of: 20), first: 0, count: 20) == [0x01, 0x02, 0x08])
        #expect(bits(set([0, 9, 19], of: 20), first: 8, count: 12) == [0x02, 0x08])
        #expect(bits(set([], of: 20), first: 0, count: 0) == [])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 200])
    func bitsRoundTrip(capacity: Int) {
        var chance = Chance(seed: UInt64(capacity))
        for _ in 0..<50 {
            let held = set((0..<capacity).filter { _ in chance.below(2) == 0 }, of: capacity)
            var back: PieceSet? = PieceSet(none: capacity)
            for first in stride(from: 0, to: capacity, by: 16) {
                let count = min(16, capacity - first)
                let page = bits(held, first: first, count: count)
                back = back.flatMap {
                    inserting(page, first: UInt32(first), count: UInt32(count), into: $0)
                }
            }
            #expect(back == held)
        }
    }

    @Test(arguments: 1...16)
    func aPageThatEndsWithinAByteIsAccepted(count: Int) {
        let page = bits(PieceSet(all: 40), first: 8, count: count)
        let read = inserting(page, first: 8, count: UInt32(count), into: PieceSet(none: 40))
        #expect(read == set(Array(8..<8 + count), of: 40))
    }

    @Test func aPageThatDoesNotFitIsRefused() {
        let none = PieceSet(none: 20)
        let page: [UInt8] = [0xFF, 0xFF, 0x0F]
        #expect(inserting(page, first: 0, count: 20, into: none) == PieceSet(all: 20))
        #expect(inserting(Array(page.prefix(2)), first: 0, count: 20, into: none) == nil)
        #expect(inserting(page + [0], first: 0, count: 20, into: none) == nil)
        #expect(inserting(page, first: 0, count: 21, into: none) == nil)
        #expect(inserting(page, first: 1, count: 19, into: none) == nil)
        #expect(inserting(page, first: 8, count: 20, into: none) == nil)
        #expect(inserting(page, first: .max - 7, count: .max, into: none) == nil)
        #expect(inserting([], first: 0, count: .max, into: none) == nil)
        for bit in 4..<8 {
            let beyond: [UInt8] = [0xFF, 0xFF, 1 << UInt8(bit)]
            #expect(inserting(beyond, first: 0, count: 20, into: none) == nil)
            #expect(inserting(beyond, first: 0, count: 20, into: PieceSet(all: 20)) == nil)
        }
    }

    private func read(
        _ bytes: [UInt8], _ count: UInt32, below limit: Int
    ) throws(WireError) -> [PieceIndex] {
        try bytes.withBytes { (span) throws(WireError) in
            try span.readPieces(count: count, below: limit)
        }
    }

    @Test func pieceNumbersRoundTrip() throws {
        let pieces = [0, 1, 255, 256, 99_999].map { PieceIndex($0) }
        var bytes: [UInt8] = []
        bytes.write(pieces[...])
        #expect(bytes.hex == "00000000" + "01000000" + "ff000000" + "00010000" + "9f860100")
        #expect(try read(bytes, 5, below: 100_000) == pieces)
        for (count, limit) in [(4, 100_000), (6, 100_000), (.max, 100_000), (5, 99_999), (5, 0)] {
            #expect(throws: WireError.malformed) {
                try read(bytes, UInt32(clamping: count), below: limit)
            }
        }
        for prefix in 0..<bytes.count {
            let part = Array(bytes.prefix(prefix))
            #expect(throws: WireError.malformed) {
                try read(part, 5, below: 100_000)
            }
        }
    }
}
