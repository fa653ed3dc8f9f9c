import Swarm
import Testing
import Vocabulary
import Wire

/// Any messages in any order: nothing traps, and the invariants hold after each.
struct TrackerStormTests {
    private static let peerCount = 4

    @Test(arguments: UInt64(1)...40)
    func aStormEndsInOrder(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var group = Group(Self.peerCount)
        var overs = 0
        for _ in 0..<600 {
            if chance.below(8) == 0 {
                group.jump(.milliseconds(chance.below(chance.below(10) == 0 ? 12_000 : 900)))
                group.wake()
            } else {
                Self.strike(&group, &chance)
            }
            overs += group.drain().count { $0 == .over }
        }
        // Silence ends every job.
        for _ in 0..<3 {
            group.jump(.seconds(11))
            group.wake()
        }
        overs += group.drain().count { $0 == .over }
        #expect(group.tracker.stage == .over)
        #expect(overs == 1)
    }

    private static func strike(_ group: inout Group, _ chance: inout Chance) {
        let message = message(&chance)
        let tail = tail(of: message, &chance)
        // Ranks 0 and 5 belong to no group.
        let rank = Int32(chance.below(12) == 0 ? chance.below(6) : 1 + chance.below(peerCount))
        // A refusal is as good an answer as any.
        do { try group.hear(message, tail: tail, from: rank) } catch {}
    }

    private static func content(_ chance: inout Chance) -> ContentID {
        ContentID(high: 1, low: UInt64(chance.below(5)))
    }

    private static func message(_ chance: inout Chance) -> TrackerMessage {
        let number = UInt32(chance.below(3))
        let isLast = chance.below(3) > 0
        switch chance.below(42) {
        case 0..<5: return .join
        case 5..<10: return .fileList(page: number, entries: number, isLast: isLast)
        case 10: return .prepared([.ready, .badInput, .notReady, .warned][chance.below(4)])
        case 11..<14: return .alive
        case 14: return .report(page: number, entries: 1, isLast: isLast, isFinal: number == 0)
        case 15: return chance.below(4) == 0 ? .leave : .alive
        case 16..<18: return .fileListUpdate(page: number, entries: number, isLast: isLast)
        case 18..<20: return .catalogRequest(from: number == 2 ? .max : number)
        case 20..<26:
            let selector = Selector.allCases[chance.below(3)]
            return .swarmRequest(
                content(&chance), want: WantNumber(number), by: selector, needsManifest: isLast)
        case 26..<28: return .peerUpdate(content(&chance), held: number)
        case 28..<33:
            let print = UInt64(chance.below(2))
            return .stalled(content(&chance), missing: number, fingerprint: print)
        case 33..<36: return .fileCompleted(content(&chance))
        case 36..<39: return .allFilesCompleted(delivered: number, failed: .max)
        case 39:
            return .measured(
                content(&chance), needed: ByteCount(Int64(chance.below(9))),
                available: ByteCount(Int64(chance.below(20))))
        case 40: return .gaveUp(content(&chance))
        default: return .seal(content(&chance))
        }
    }

    /// Mostly what the message promises; now and then noise.
    private static func tail(of message: TrackerMessage, _ chance: inout Chance) -> [UInt8] {
        var bytes: [UInt8] = []
        if chance.below(10) == 0 {
            for _ in 0..<chance.below(50) { bytes.append(UInt8(chance.below(256))) }
            return bytes
        }
        switch message {
        case .fileList(_, let entries, _), .fileListUpdate(_, let entries, _):
            for _ in 0..<entries { write(entry: chance.below(4), to: &bytes, &chance) }
        case .report:
            bytes.append(2)
            bytes += [UInt8](repeating: UInt8(chance.below(3)), count: 12)
            bytes.write(Int64(chance.below(100)))
        case .prepared: bytes = Array("why".utf8)
        case .measured: bytes = [UInt8(chance.below(2)), 0, 0, 0, 0, 0, 0, 0]
        case .swarmRequest(_, _, .name, _): bytes = name(&chance)
        default: break
        }
        return bytes
    }

    private static func name(_ chance: inout Chance) -> [UInt8] {
        [UInt8(ascii: "a") + UInt8(chance.below(3))]
    }

    private static func write(entry kind: Int, to bytes: inout [UInt8], _ chance: inout Chance) {
        let name = name(&chance)
        bytes.append(UInt8(kind + 1))
        bytes.write(UInt16(name.count))
        bytes += name
        if kind == 0 || kind == 3 { bytes.write(content(&chance)) }
        guard kind == 0 else { return }
        bytes.write(Int64(chance.below(1000)))
        bytes.write(UInt32(chance.below(10)))
        bytes.write(UInt16(2))
        bytes += [0, 7]
    }
}
