import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Any messages of other trackers in any order: none breaks an invariant, and each answer fits into
/// a message.
struct OverlayStormTests {
    private static func tail(_ chance: inout Chance) -> [UInt8] {
        var tail: [UInt8] = []
        switch chance.below(4) {
        case 0: tail = (0..<chance.below(40)).map { _ in UInt8(chance.below(256)) }
        case 1: tail = Array("ab".utf8.prefix(1 + chance.below(2)))
        case 2:
            do throws(PathError) {
                var found = FoundSwarm(
                    name: try RelativePath(["a", "b"][chance.below(2)]), size: ByteCount(100),
                    pieces: 10, lowestOwner: Rank(Int32(chance.below(12))))
                found.isAlive = chance.below(2) == 0
                found.isActive = chance.below(2) == 0
                found.isStalled = chance.below(2) == 0
                found.members = MemberList(
                    seeds: [Rank(Int32(chance.below(12)))], peers: [Rank(Int32(chance.below(99)))])
                found.rivals = [
                    FoundSwarm.Rival(content: ContentID(high: 5, low: 5), owner: Rank(7))
                ]
                found.manifest = Descriptor(inline: [1])
                found.write(to: &tail)
            } catch { preconditionFailure("a letter is a name") }
        default: break
        }
        return tail
    }

    private static func any<Value>(of values: [Value], _ chance: inout Chance) -> Value {
        values[chance.below(values.count)]
    }

    private static func message(_ chance: inout Chance) -> OverlayMessage {
        let id = QueryID(
            origin: Rank(Int32(chance.below(4))), sequence: UInt32(chance.below(6)))
        let content = ContentID(high: 7, low: UInt64(chance.below(3)))
        let peer = Rank(Int32(chance.below(9)))
        let few = UInt32(chance.below(3))
        let isLast = chance.below(2) == 0
        switch chance.below(21) {
        case 0, 1:
            return .query(
                content, id, timeToLive: few,
                by: any(of: Selector.allCases, &chance))
        case 2, 3: return .queryHit(content, id, responder: Rank(2), seeds: 1, peers: 1)
        case 4: return .queryHit(.none, id, responder: Rank(2), seeds: 0, peers: UInt16(few))
        case 5: return .sealed(content)
        case 6: return .catalogHit(id, responder: Rank(2), entries: few, isLast: isLast)
        case 7: return .group(.ready(peers: few))
        case 8: return .group(.done(peers: few, failed: few))
        case 9: return .group(.report(of: peer, page: few, entries: few, isLast: isLast))
        case 10: return .group(.list(of: peer, page: few, entries: few, isLast: isLast))
        case 11:
            return .group(
                .prepared(of: peer, any(of: Readiness.allCases, &chance)))
        case 12: return .group(.news(of: peer, any(of: PeerNews.allCases, &chance)))
        case 13: return .group(.disagreement(owners: few))
        case 14: return .group(.closed(queries: few, hits: few))
        case 15: return .group(.jobState(isLast ? .running : .gathering, lost: few))
        case 16: return .rollHit(id, responder: Rank(2), entries: few, isLast: isLast)
        case 17: return .withdrawn(count: few)
        case 18: return .changed
        case 19: return chance.below(20) == 0 ? .group(.shutdown) : .changed
        default: return .group(.noted(of: peer))
        }
    }

    @Test(arguments: 1...20) func noInvariantBreaks(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var job = Federation(.ring(4), peers: 4) {
            $0.kind = seed % 2 == 0 ? .batch() : .standing
        }
        for number in 1...3 { try job.list([Group.wanted("a")], from: number) }
        for _ in 0..<400 {
            let to = chance.below(4)
            let from = Rank(Int32(chance.below(6)))
            job.inject(Self.message(&chance), tail: Self.tail(&chance), from: from, to: to)
            if chance.below(10) == 0 { try job.ask("ab", from: 1 + chance.below(4)) }
            if chance.below(10) == 0 { try job.ask("a", from: 1 + chance.below(4)) }
            if chance.below(20) == 0 { try job.pass(2, alive: [1, 2, 3]) }
        }
        #expect(job.longestTail <= Head.tailMax)
    }
}
