import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// Which pieces of a file a rank has.
@Suite struct ControlMachineChunksTests {
    private static let content = ContentID(high: 7, low: 9)

    private var machine = ControlMachine(
        rank: Rank(2),
        ControlMachine.Surroundings(
            place: { _ in nil }, sharing: { SharingState(done: 0, found: 0) },
            landing: { _ in .nothing }, isThere: { _ in false }))

    private mutating func ask(_ line: String) -> [ControlOutput] {
        machine.asked(Array(line.utf8), by: ControlClient(raw: 1), now: .zero)
        return machine.takeOutputs()
    }

    private mutating func hear(_ news: LiveNews) -> [ControlOutput] {
        machine.heard(news, now: .zero)
        return machine.takeOutputs()
    }

    private func said(_ outputs: [ControlOutput]) -> [String] {
        outputs.compactMap { if case .say(let text, _) = $0 { text } else { nil } }
    }

    private func ticket(_ number: UInt64) -> OrderTicket { OrderTicket(number) }

    private func entry(_ content: ContentID = content) throws -> CatalogEntry {
        CatalogEntry(
            name: try RelativePath("a"), content: content, size: ByteCount(10), pieces: 12,
            seeds: 0, peers: 1)
    }

    private func held(_ pieces: [Int]) -> PieceSet {
        var held = PieceSet(none: 12)
        for piece in pieces { held.insert(PieceIndex(piece)) }
        return held
    }

    @Test mutating func thoseOfThisRankAreRanges() throws {
        #expect(ask("chunks a") == [.order(.catalog(ticket(1)))])
        let order = LiveOrder.holding(ticket(2), of: Self.content, at: Rank(2))
        #expect(hear(.catalog(ticket(1), [try entry()])) == [.order(order)])
        let pieces = held([0, 1, 2, 5, 10, 11])
        #expect(
            said(hear(.holding(ticket(2), pieces))) == [" 2\t6\t12\t0-2,5,10-11\n", "ok\n"])
        _ = ask("--json chunks 00000000000000070000000000000009")
        #expect(
            said(hear(.holding(ticket(3), held([])))) == [
                "{\"rank\": 2, \"pieces\": 0, \"of\": 12, \"ranges\": \"\"}\n", "{\"ok\": true}\n",
            ])
    }

    @Test mutating func anotherRankIsAskedWhenItIsThere() throws {
        #expect(
            ask("chunks \(Self.content) 3") == [.order(.roll(ticket(1), of: .none))])
        let roll = [
            RollEntry(rank: Rank(3), presence: .present), RollEntry(rank: Rank(4), presence: .lost),
        ]
        let order = LiveOrder.holding(ticket(2), of: Self.content, at: Rank(3))
        #expect(hear(.roll(ticket(1), roll)) == [.order(order)])
        #expect(said(hear(.holding(ticket(2), nil))) == ["error rank 3 has nothing of it\n"])
        _ = ask("chunks \(Self.content) 4")
        #expect(said(hear(.roll(ticket(3), roll))) == ["error rank 4: lost\n"])
        _ = ask("chunks \(Self.content) 5")
        #expect(said(hear(.roll(ticket(4), roll))) == ["error no rank 5 serves\n"])
    }

    /// A rank that has died is there until its lease ends.
    @Test mutating func aRankThatDoesNotAnswerIsNamed() {
        _ = ask("chunks \(Self.content) 3")
        _ = hear(.roll(ticket(1), [RollEntry(rank: Rank(3), presence: .present)]))
        machine.timeout(now: .zero + .seconds(30))
        #expect(said(machine.takeOutputs()) == ["error rank 3 did not answer\n"])
    }

    @Test mutating func aNameOfTwoContentsIsNoAnswer() throws {
        _ = ask("chunks a 3")
        let other = try entry(ContentID(high: 1, low: 1))
        #expect(
            said(hear(.catalog(ticket(1), [try entry(), other]))) == [
                "error a is not the same everywhere; 'query a' lists the ids\n"
            ])
    }

    @Test mutating func longListsOfRangesAreSeveralLines() throws {
        _ = ask("chunks \(Self.content)")
        var pieces = PieceSet(none: 1200)
        for piece in 0..<600 { pieces.insert(PieceIndex(piece * 2)) }
        #expect(said(hear(.holding(ticket(1), pieces))).count == 4)
    }
}
