import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Pieces that the own disk cannot read.
struct UploaderUnreadableTests {
    private static func failing(_ serving: Serving, owned: Bool = true) throws -> UploaderFixture {
        var fixture = UploaderFixture(4, owned: owned) { $0.serving = serving }
        if !owned { fixture.store(0, 1, 2, 3) }
        try fixture.meet(1, "#...")
        try fixture.request(2, 1, from: 1)
        fixture.step()
        for case .read(2, let ticket) in fixture.drain() { fixture.readDone(ticket, isGood: false) }
        return fixture
    }

    @Test(arguments: [true, false]) func anUnreadablePieceIsNoLongerHeld(owned: Bool) throws {
        var fixture = try Self.failing(.onRequest, owned: owned)
        #expect(fixture.drain().contains(.nack(2, 1, .unreadable, to: 1)))
        try fixture.request(2, 2, from: 1)
        #expect(fixture.drain() == [.nack(2, 2, .notHeld, to: 1)])
        try fixture.hear(
            .piecesQuery(UploaderFixture.content, first: 0, count: 4), tail: [0], from: 2)
        let answer = DownloadMessage.bitfield(
            UploaderFixture.content, first: 0, count: 4, stance: .open)
        var held = PieceSet(all: 4)
        held.remove(PieceIndex(2))
        var tail: [UInt8] = []
        tail.writeBits(of: held, first: 0, count: 4)
        #expect(fixture.drain().contains(.send(answer, to: 2, tail: tail)))
        try fixture.request(3, 3, from: 1)
        #expect(fixture.stepReading().contains(.ack(3, 3, to: 1)))
    }

    /// Neighbours that count on it look for another source at once.
    @Test func allNeighboursAreInformed() throws {
        var fixture = UploaderFixture.cooperative(12)
        for rank: Int32 in 1...3 { try fixture.meet(rank) }
        try fixture.request(9, 1, from: 1)
        fixture.step()
        for case .read(9, let ticket) in fixture.drain() { fixture.readDone(ticket, isGood: false) }
        let acts = fixture.drain()
        let rest = DownloadMessage.bitfield(
            UploaderFixture.content, first: 8, count: 4, stance: .offering)
        for rank: Int32 in 1...3 {
            #expect(acts.contains(.send(rest, to: rank, tail: [0b1101])), "\(acts)")
        }
    }

    @Test func otherWaitingNeighboursAreRefusedToo() throws {
        var fixture = UploaderFixture.cooperative(4)
        for rank: Int32 in 1...9 {
            try fixture.meet(rank)
            try fixture.request(2, UInt32(rank), from: rank)
        }
        fixture.step()
        for case .read(2, let ticket) in fixture.drain() { fixture.readDone(ticket, isGood: false) }
        let acts = fixture.drain()
        for rank: Int32 in 1...9 {
            #expect(acts.contains(.nack(2, UInt32(rank), .unreadable, to: rank)))
        }
        #expect(fixture.uploader.sends.isEmpty)
    }

    @Test func anUnreadablePieceIsNoLongerOffered() throws {
        var fixture = try Self.failing(.cooperative)
        var offered: Set<Int> = []
        for _ in 0..<50 {
            fixture.pass(.seconds(3))
            for offer in UploaderFixture.offers(fixture.drain()) { offered.formUnion(offer.pieces) }
        }
        #expect(offered == [1, 3])
    }

    /// It was stored in the same step in which it turned out to be unreadable.
    @Test func anUnreadablePieceIsNoLongerAnnounced() throws {
        var fixture = UploaderFixture(4, owned: false) { $0.serving = .cooperative }
        try fixture.meet(1)
        fixture.store(2)
        try fixture.meet(3, "##..")
        fixture.step()
        _ = fixture.drain()
        try fixture.request(2, 1, from: 1)
        fixture.step()
        for case .read(2, let ticket) in fixture.drain() { fixture.readDone(ticket, isGood: false) }
        fixture.store(0, 1, 3)
        fixture.step()
        for case .send(.have, _, let tail) in fixture.drain() {
            #expect(!UploaderFixture.pieces(tail).contains(2))
        }
    }
}
