import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Pieces that the own disk cannot read.
struct UploaderUnreadableTests {
    private static func failing(_ serving: Serving, owned: Bool = true) throws -> Desk {
        var desk = Desk(4, owned: owned) { $0.serving = serving }
        if !owned { desk.store(0, 1, 2, 3) }
        try desk.meet(1, "#...")
        try desk.request(2, 1, from: 1)
        desk.step()
        for case .read(2, let ticket) in desk.drain() { desk.readDone(ticket, isGood: false) }
        return desk
    }

    @Test(arguments: [true, false]) func anUnreadablePieceIsNoLongerHeld(owned: Bool) throws {
        var desk = try Self.failing(.onRequest, owned: owned)
        #expect(desk.drain().contains(.nack(2, 1, .unreadable, to: 1)))
        try desk.request(2, 2, from: 1)
        #expect(desk.drain() == [.nack(2, 2, .notHeld, to: 1)])
        try desk.hear(.piecesQuery(Desk.content, first: 0, count: 4), tail: [0], from: 2)
        let answer = DownloadMessage.bitfield(Desk.content, first: 0, count: 4, stance: .open)
        var held = PieceSet(all: 4)
        held.remove(PieceIndex(2))
        var tail: [UInt8] = []
        tail.writeBits(of: held, first: 0, count: 4)
        #expect(desk.drain().contains(.send(answer, to: 2, tail: tail)))
        try desk.request(3, 3, from: 1)
        #expect(desk.stepReading().contains(.ack(3, 3, to: 1)))
    }

    /// Neighbours that count on it look for another source at once.
    @Test func allNeighboursAreTold() throws {
        var desk = Desk.cooperative(12)
        for rank: Int32 in 1...3 { try desk.meet(rank) }
        try desk.request(9, 1, from: 1)
        desk.step()
        for case .read(9, let ticket) in desk.drain() { desk.readDone(ticket, isGood: false) }
        let acts = desk.drain()
        let rest = DownloadMessage.bitfield(Desk.content, first: 8, count: 4, stance: .offering)
        for rank: Int32 in 1...3 {
            #expect(acts.contains(.send(rest, to: rank, tail: [0b1101])), "\(acts)")
        }
    }

    @Test func otherWaitingNeighboursAreRefusedToo() throws {
        var desk = Desk.cooperative(4)
        for rank: Int32 in 1...9 {
            try desk.meet(rank)
            try desk.request(2, UInt32(rank), from: rank)
        }
        desk.step()
        for case .read(2, let ticket) in desk.drain() { desk.readDone(ticket, isGood: false) }
        let acts = desk.drain()
        for rank: Int32 in 1...9 {
            #expect(acts.contains(.nack(2, UInt32(rank), .unreadable, to: rank)))
        }
        #expect(desk.uploader.sends.isEmpty)
    }

    @Test func anUnreadablePieceIsNoLongerOffered() throws {
        var desk = try Self.failing(.cooperative)
        var offered: Set<Int> = []
        for _ in 0..<50 {
            desk.pass(.seconds(3))
            for offer in Desk.offers(desk.drain()) { offered.formUnion(offer.pieces) }
        }
        #expect(offered == [1, 3])
    }

    /// It was stored in the same step in which it turned out to be unreadable.
    @Test func anUnreadablePieceIsNoLongerAnnounced() throws {
        var desk = Desk(4, owned: false) { $0.serving = .cooperative }
        try desk.meet(1)
        desk.store(2)
        try desk.meet(3, "##..")
        desk.step()
        _ = desk.drain()
        try desk.request(2, 1, from: 1)
        desk.step()
        for case .read(2, let ticket) in desk.drain() { desk.readDone(ticket, isGood: false) }
        desk.store(0, 1, 3)
        desk.step()
        for case .send(.have, _, let tail) in desk.drain() {
            #expect(!Desk.pieces(tail).contains(2))
        }
    }
}
