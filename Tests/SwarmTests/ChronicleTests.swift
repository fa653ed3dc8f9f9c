import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The course of the transfers in a last report.
struct ChronicleTests {
    private func tick(_ milliseconds: Int) -> Tick { .zero + .milliseconds(milliseconds) }

    @Test func nothingIsNotedBeforeTheAdmission() {
        var chronicle = Chronicle()
        chronicle.note(pieces: 1, size: ByteCount(1), now: tick(1))
        chronicle.note(isOpen: true, by: Rank(1), now: tick(1))
        #expect(chronicle.entries.isEmpty)
    }

    @Test func timesCountFromTheFirstAdmission() {
        var chronicle = Chronicle()
        chronicle.begin(now: tick(100))
        chronicle.begin(now: tick(200))
        chronicle.note(pieces: 1, size: ByteCount(10), now: tick(300))
        chronicle.note(isOpen: true, by: Rank(1), now: tick(400))
        chronicle.note(isOpen: false, by: Rank(1), now: tick(500))
        chronicle.note(isOpen: true, by: Rank(2), now: tick(600))
        #expect(
            chronicle.entries == [
                .sample(at: .milliseconds(200), pieces: 1, size: ByteCount(10)),
                .turn(by: Rank(1), from: .milliseconds(300), to: .milliseconds(400)),
                .turn(by: Rank(2), from: .milliseconds(500), to: nil),
            ])
    }

    /// However long the job takes, the limits and the order hold, and the last sample is there.
    @Test(arguments: [1, 7, 1000])
    func limitsHold(step: Int) {
        var chronicle = Chronicle()
        chronicle.begin(now: .zero)
        for piece in 1...5000 {
            chronicle.note(
                pieces: UInt64(piece), size: ByteCount(Int64(piece)), now: tick(piece * step))
            chronicle.note(isOpen: piece % 2 == 1, by: Rank(1), now: tick(piece * step))
        }
        #expect(chronicle.samples.count <= Chronicle.samplesMax)
        #expect(chronicle.samples.count >= Chronicle.samplesMax / 4)
        #expect(chronicle.turns.count == Chronicle.turnsMax)
        #expect(chronicle.turnsDropped == 2500 - Chronicle.turnsMax)
        let pieces = chronicle.entries.compactMap {
            if case .sample(_, let pieces, _) = $0 { pieces } else { nil }
        }
        #expect(pieces == pieces.sorted())
        #expect(pieces.last == 5000)
    }
}
