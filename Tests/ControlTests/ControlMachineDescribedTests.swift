import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// What a description stands for is known by its digests, whatever its owner calls it.
@Suite struct ControlMachineDescribedTests {
    private var machine = ControlMachine(
        rank: Rank(2),
        ControlMachine.Surroundings(
            place: { _ in nil }, sharing: { SharingState(done: 0, found: 0) },
            landing: { $0.raw < 100 ? .differs("it differs") : .trouble("no room") },
            isThere: { _ in false }))

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

    private func content(_ number: UInt64) -> ContentID { ContentID(high: 7, low: number) }

    private func entry(_ name: String, _ number: UInt64, size: Int64 = 10) throws -> CatalogEntry {
        CatalogEntry(
            name: try RelativePath(name), content: content(number), size: ByteCount(size),
            pieces: 1, seeds: 1, peers: 0)
    }

    /// What is fetched first, of a description of ten bytes that are called `d/a`.
    private mutating func begin(
        _ line: String, _ entries: [CatalogEntry], content: ContentID = .none
    ) throws -> [ControlOutput] {
        _ = ask(line)
        let name = try RelativePath("d/a")
        machine.described(OrderTicket(1), name: name, size: ByteCount(10), content: content)
        _ = machine.takeOutputs()
        return hear(.catalog(OrderTicket(2), entries))
    }

    private func fetches(
        _ number: UInt64, _ ticket: UInt64, at path: String? = nil
    ) throws -> [ControlOutput] {
        let order = GetOrder(ticket: OrderTicket(ticket), choice: .content(content(number)))
        let name = try RelativePath("d/a")
        return [
            .expect(OrderTicket(ticket), at: path, named: name, asIn: "/x/a.seed"),
            .order(.get(order)),
        ]
    }

    @Test mutating func aFileOfAnotherNameAndTheSameLengthIsTried() throws {
        let entries = [try entry("z", 1), try entry("y", 2, size: 11), try entry("b", 3)]
        #expect(try begin("get /x/a.seed", entries) == (try fetches(3, 3)))
        #expect(hear(.failed(OrderTicket(3), .disk)) == (try fetches(1, 4)))
        #expect(
            said(hear(.failed(OrderTicket(4), .disk))) == [
                "error /x/a.seed: none of 2 files of that length is what it describes\n"
            ])
    }

    @Test mutating func theContentOfAManifestComesFirstAndThenTheName() throws {
        let entries = [try entry("b", 3), try entry("d/a", 1), try entry("z", 2)]
        let first = try begin("get /x/a.seed to /out/", entries, content: content(2))
        #expect(first == (try fetches(2, 3, at: "/out/")))
        #expect(hear(.failed(OrderTicket(3), .notThere)) == (try fetches(1, 4, at: "/out/")))
        #expect(hear(.failed(OrderTicket(4), .disk)) == (try fetches(3, 5, at: "/out/")))
        #expect(
            said(hear(.delivered(OrderTicket(5), content(3)))).last == "ok\n")
    }

    @Test mutating func theSameBytesUnderSeveralNamesAreTriedOnce() throws {
        let entries = try (1...20).map { try entry("n\($0)", 1) } + [try entry("z", 2)]
        #expect(try begin("get /x/a.seed", entries) == (try fetches(1, 3)))
        #expect(hear(.failed(OrderTicket(3), .disk)) == (try fetches(2, 4)))
        #expect(
            said(hear(.failed(OrderTicket(4), .disk))).first?.contains("none of 2 files") == true)
    }

    @Test mutating func noMoreThanAFewAreTried() throws {
        let entries = try (1...100).map { try entry("n\($0)", $0) }
        #expect(try begin("get /x/a.seed", entries).count == 2)
        for ticket in 3...9 { _ = hear(.failed(OrderTicket(UInt64(ticket)), .disk)) }
        #expect(
            said(hear(.failed(OrderTicket(10), .disk))).first?.contains("none of 8 files") == true)
    }

    @Test mutating func aFailureOfThisRankEndsTheSearchForCandidates() throws {
        for _ in 0..<97 { _ = machine.outbox.ticket() }
        _ = ask("get /x/a.seed")
        machine.described(OrderTicket(98), name: try RelativePath("a"), size: ByteCount(10))
        _ = hear(.catalog(OrderTicket(99), [try entry("a", 1), try entry("b", 2)]))
        #expect(
            said(hear(.failed(OrderTicket(100), .noSpace))) == ["error /x/a.seed: no room\n"])
    }
}
