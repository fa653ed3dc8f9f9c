import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Any messages of any rank in any order: nothing traps, and the invariants hold after each.
struct PeerStormTests {
    private static let pieceCount = 10

    /// A storm in which a branch never fired has shown nothing about it.
    @Test func aDownloaderWithstandsAnyMessages() throws {
        var fired: [String: Int] = [:]
        for seed in UInt64(1)...40 {
            for branch in try Self.storm(seed).all {
                fired[branch.name, default: 0] += branch.count
            }
        }
        for name in [
            "snub", "steal", "endgame", "late arrival", "bad piece", "drop", "refusal", "decline",
            "direct request", "stall",
        ] { #expect((fired[name] ?? 0) > 0, "no \(name)") }
    }

    private static func storm(_ seed: UInt64) throws -> RareBranches {
        var chance = Chance(seed: seed)
        let all = String(repeating: "#", count: pieceCount)
        var client = try Client.fetching(pieceCount, [1: all, 2: all, 3: "#.#.#.#.#."]) {
            $0.picker = PickerChoice.allCases[chance.below(4)]
            $0.seed = seed
        }
        var known: [Asked] = []
        var keeping: [PieceIndex] = []
        for _ in 0..<600 {
            client.step()
            for effect in client.drain() {
                known += Client.asks([effect])
                if case .keep(_, let piece, _, _) = effect { keeping.append(piece) }
                if case .withdraw(let number) = effect, chance.below(3) > 0 {
                    client.withdrawn(number)
                }
            }
            // The reports of the network and the store are true; those of ranks need not be.
            switch chance.below(10) {
            case 0: try client.pass(.milliseconds(chance.below(1500)))
            case 1..<4 where !known.isEmpty:
                let asked = known[known.count - 1 - chance.below(min(known.count, 6))]
                if client.isLent(asked) {
                    client.payload(asked, byteCount: 9 + chance.below(7) / 2)
                }
            case 4 where !keeping.isEmpty:
                let piece = keeping.remove(at: chance.below(keeping.count))
                let isGood = chance.below(4) > 0
                client.stored(
                    isGood ? .kept(piece, of: Client.content) : .bad(piece, of: Client.content))
            default: strike(&client, known, &chance)
            }
        }
        return client.downloader.branches
    }

    private static func strike(_ client: inout Client, _ known: [Asked], _ chance: inout Chance) {
        let rank = Int32(chance.below(6))
        let recent = known.last { _ in chance.below(3) == 0 }
        let asked = recent.map {
            chance.below(5) == 0
                ? Asked(to: rank, piece: $0.piece, number: $0.number, offer: 0) : $0
        }
        let pieces = (0..<chance.below(4)).map { _ in chance.below(pieceCount + 1) }
        var bits = ""
        for _ in 0..<pieceCount { bits += chance.below(2) == 0 ? "#" : "." }
        // A refusal is as good an answer as any.
        do {
            switch chance.below(15) {
            case 0..<4: if let asked { try client.ack(asked) }
            case 4..<6:
                let refusal = Refusal.allCases[chance.below(Refusal.allCases.count)]
                if let asked { try client.nack(asked, refusal) }
            case 6: try client.hear(.choke, from: rank)
            case 7: try client.hear(.unchoke(offers: chance.below(2) == 0), from: rank)
            case 8:
                try client.bitfield(bits, stance: Stance.allCases[chance.below(3)], from: rank)
            case 9, 10:
                try client.offer(
                    pieces, number: UInt32(chance.below(9)), places: UInt32(chance.below(14)),
                    from: rank)
            case 13:
                try client.hear(
                    .offerWithdrawn(Client.content, number: UInt32(chance.below(9))), from: rank)
            case 11: try client.hear(.gone, from: rank)
            case 12:
                try client.swarm(seeds: [rank], peers: [Int32(chance.below(6))], from: 0)
            default:
                var tail: [UInt8] = []
                tail.write(pieces.map { PieceIndex($0) }[...])
                try client.hear(
                    .have(Client.content, count: UInt32(pieces.count)), tail: tail, from: rank)
            }
        } catch {}
    }

    @Test(arguments: UInt64(1)...20)
    func anUploaderWithstandsAnyMessages(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let isOwned = chance.below(2) == 0
        var fixture = UploaderFixture(Self.pieceCount, owned: isOwned) {
            $0.serving = Serving.allCases[chance.below(3)]
            $0.sendsActiveMax = 1 + chance.below(2)
            $0.offersWhatItOwns = seed % 2 == 0
            $0.slowSendsMax = chance.below(3)
            $0.requestsPerLinkMax = 5
            $0.optimisticUnchokingInterval = .seconds(3)
        }
        var reading: [ReadTicket] = []
        var sending: [(request: UInt32, rank: Int32)] = []
        for _ in 0..<800 {
            for act in fixture.drain() {
                if case .read(_, let ticket) = act { reading.append(ticket) }
                if case .sendPayload(_, let rank, let request) = act {
                    sending.append((request, rank))
                }
            }
            switch chance.below(8) {
            case 0: fixture.pass(.milliseconds(chance.below(4000)))
            case 1 where !reading.isEmpty:
                fixture.readDone(reading.removeFirst(), isGood: chance.below(9) > 0)
            case 2 where !sending.isEmpty:
                let ended = sending.remove(at: chance.below(sending.count))
                fixture.sent(ended.request, to: ended.rank)
            default: Self.strike(&fixture, isOwned: isOwned, &chance)
            }
            if chance.below(2) == 0 { fixture.step() }
        }
    }

    private static func strike(
        _ fixture: inout UploaderFixture, isOwned: Bool, _ chance: inout Chance
    ) {
        let rank = Int32(1 + chance.below(7))
        let piece = chance.below(pieceCount + 1)
        let number = UInt32(chance.below(30))
        do {
            switch chance.below(12) {
            case 0: try fixture.meet(rank, chance.below(2) == 0 ? "#.#" : "", isInterested: false)
            case 1, 2: try fixture.hear(.interested(UploaderFixture.content), from: rank)
            case 3: try fixture.hear(.notInterested(UploaderFixture.content), from: rank)
            case 4..<7:
                try fixture.request(piece, number, offer: UInt32(chance.below(40)), from: rank)
            case 7:
                try fixture.hear(
                    .cancel(UploaderFixture.content, request: RequestNumber(number)), from: rank)
            case 8: try fixture.decline(UInt32(chance.below(40)), held: [piece], from: rank)
            case 9:
                fixture.note(
                    .neighbourGot(
                        Rank(rank), PieceHandful(PieceIndex(piece)), of: UploaderFixture.content))
            case 10: if !isOwned && piece < pieceCount { fixture.store(piece, from: rank) }
            default: if chance.below(6) == 0 { fixture.note(.neighbourGone(Rank(rank))) }
            }
        } catch {}
    }
}
