import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// The digests of all files, as `list --digests` prints them.
@Suite struct ControlMachineDigestsTests {
    private static let content = ContentID(high: 7, low: 9)
    private static let id = "00000000000000070000000000000009"

    private var machine = ControlMachine(
        rank: Rank(2),
        ControlMachine.Surroundings(
            place: { _ in nil }, sharing: { SharingState(done: 0, found: 0) },
            landing: { _ in .nothing }, isThere: { _ in false }))

    /// The lines that a request prints once the list of all files has come.
    private mutating func answer(
        to line: String, number: UInt64, _ entries: [CatalogEntry]
    ) -> [String] {
        let ticket = OrderTicket(number)
        machine.asked(Array(line.utf8), by: ControlClient(raw: 1), now: .zero)
        #expect(machine.takeOutputs() == [.order(.catalog(ticket))])
        machine.heard(.catalog(ticket, entries), now: .zero)
        return machine.takeOutputs().compactMap {
            if case .say(let text, _) = $0 { text } else { nil }
        }
    }

    private func entry(_ name: String, _ content: ContentID = content) throws -> CatalogEntry {
        CatalogEntry(
            name: try RelativePath(name), content: content, size: ByteCount(10), pieces: 1,
            seeds: content == .none ? 0 : 1, peers: 0)
    }

    @Test mutating func digestsAreListedBeforeNames() throws {
        let entries = [try entry("c"), try entry("a b", .none), try entry("d")]
        #expect(
            answer(to: "list --digests", number: 1, entries) == [
                " -\ta b\n", " \(Self.id)\tc\n", " \(Self.id)\td\n", "ok\n",
            ])
        #expect(
            answer(to: "--json list --digests", number: 2, entries) == [
                #"{"digest": null, "name": "a b"}"# + "\n",
                #"{"digest": "\#(Self.id)", "name": "c"}"# + "\n",
                #"{"digest": "\#(Self.id)", "name": "d"}"# + "\n", "{\"ok\": true}\n",
            ])
    }
}
