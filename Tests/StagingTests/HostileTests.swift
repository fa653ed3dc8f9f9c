import Content
import Testing
import Vocabulary
import Wire

@testable import Staging

/// Whatever bytes come, nothing ends but the job of whoever sent them.
struct HostileTests {
    private static let rounds = 4000

    /// A few bytes changed, some left out, some put in.
    private func mutated(_ bytes: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<1 + chance.below(4) {
            guard !bytes.isEmpty else { break }
            let place = chance.below(bytes.count)
            switch chance.below(5) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
            case 1: bytes[place] ^= 1 << UInt8(chance.below(8))
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + chance.below(9)))
            case 3: bytes.insert(UInt8(truncatingIfNeeded: chance.next()), at: place)
            default: bytes[place] = [0, 0x7F, 0x80, 0xFF][chance.below(4)]
            }
        }
        return bytes
    }

    @Test func surveysAreRefusedOrComeBack() throws {
        var chance = Chance(seed: 1)
        let survey = Samples.survey("node", [nil, Samples.sight(3), Samples.sight(4)]).encoded()
        for _ in 0..<Self.rounds {
            let bytes = mutated(survey, &chance)
            do throws(WireError) {
                let parsed = try unsafe Survey(parsing: bytes.span.bytes)
                #expect(parsed.encoded() == bytes)
            } catch {}
        }
    }

    @Test func ordersAreRefusedOrComeBack() throws {
        var chance = Chance(seed: 2)
        var order = StageOrder()
        order.duties = [.init(), .init(share: ReadShare(position: 1, of: 3))]
        order.landing = Landing(folder: "/scratch", name: try RelativePath("x"))
        order.writer = Rank(4)
        let bytes = order.encoded()
        for _ in 0..<Self.rounds {
            let bytes = mutated(bytes, &chance)
            do throws(WireError) {
                let parsed = try unsafe StageOrder(parsing: bytes.span.bytes)
                #expect(parsed.encoded() == bytes)
                _ = parsed.duties.map { $0.share?.pieces(of: 100) }
            } catch {}
        }
    }

    /// Two listers of which one sends anything: there is a plan or a refusal, never a trap.
    @Test func listsLeadToAPlanOrARefusal() throws {
        var chance = Chance(seed: 3)
        let good = try Samples.encoded([
            Samples.folder("s"), Samples.file("s/a"), Samples.name("s/b", of: "s/a"),
            Samples.folder("s/c"), Samples.file("s/c/d", 0),
        ])
        var planned = 0
        for _ in 0..<Self.rounds {
            var hall = Hall(try Samples.wish("s"), rankCount: 2)
            try hall.survey(Samples.survey("a", [Samples.sight(1)]), from: 0)
            try hall.survey(Samples.survey("b", [Samples.sight(2)]), from: 1)
            try hall.list(good, from: 0)
            try hall.list(mutated(good, &chance), from: 1)
            #expect(hall.coordinator.stage == .over)
            #expect((hall.coordinator.plan == nil) != (hall.coordinator.refusal == nil))
            if hall.coordinator.plan != nil { planned += 1 }
        }
        // Some mutations change no more than a right, or a name.
        #expect(planned > 0)
    }

    @Test func describedListsAreRefusedOrComeBack() throws {
        var chance = Chance(seed: 6)
        let tree = try Samples.encoded([Samples.folder("s"), Samples.file("s/a")])
        let good = DescribedList.encoded(
            tree,
            [
                LooseBytes(piece: 1, stretch: 0, bytes: Array("some".utf8)),
                LooseBytes(piece: 2, stretch: 3, bytes: []),
            ])
        var parsed = 0
        for _ in 0..<Self.rounds {
            let bytes = mutated(good, &chance)
            do throws(WireError) {
                let list = try DescribedList.parsing(bytes)
                #expect(DescribedList.encoded(list.tree, list.loose) == bytes)
                parsed += 1
            } catch {}
        }
        #expect(parsed > 0 && parsed < Self.rounds)
    }

    /// Messages of any kind at any time, with and without sense.
    @Test func noMessagesOfRanksStopTheCoordinator() throws {
        var chance = Chance(seed: 4)
        let survey = Samples.survey("a", [Samples.sight(1)]).encoded()
        let list = try Samples.encoded([Samples.folder("s"), Samples.file("s/a")])
        for _ in 0..<Self.rounds / 4 {
            var hall = Hall(try Samples.wish("s"), rankCount: 3)
            for _ in 0..<12 {
                let rank = Int32(chance.below(4))
                let page = UInt32(chance.below(3) / 2)
                let isLast = chance.below(4) > 0
                let base = chance.below(2) == 0 ? survey : list
                let tail = chance.below(3) == 0 ? mutated(base, &chance) : base
                do {
                    switch chance.below(4) {
                    case 0: try hall.hear(.alive, from: rank)
                    case 1: try hall.hear(.survey(page: page, isLast: isLast), tail, from: rank)
                    case 2:
                        try hall.hear(
                            .listing(source: page, page: page, isLast: isLast), tail, from: rank)
                    default: try hall.hear(.join, from: rank)
                    }
                } catch is WireError {}
                try hall.pass(.milliseconds(Int64(chance.below(900))))
            }
            for _ in 0..<3 { try hall.pass(.seconds(11)) }
            #expect(hall.coordinator.stage == .over)
        }
    }
}
