import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The course of the transfers in a last report.
struct TimelineTests {
    private func tick(_ milliseconds: Int) -> Tick { .zero + .milliseconds(milliseconds) }

    @Test func nothingIsNotedBeforeTheAdmission() {
        var timeline = Timeline()
        timeline.note(pieces: 1, size: ByteCount(1), now: tick(1))
        timeline.note(isOpen: true, by: Rank(1), now: tick(1))
        #expect(timeline.entries.isEmpty)
    }

    @Test func timesCountFromTheFirstAdmission() {
        var timeline = Timeline()
        timeline.begin(now: tick(100))
        timeline.begin(now: tick(200))
        timeline.note(pieces: 1, size: ByteCount(10), now: tick(300))
        timeline.note(isOpen: true, by: Rank(1), now: tick(400))
        timeline.note(isOpen: false, by: Rank(1), now: tick(500))
        timeline.note(isOpen: true, by: Rank(2), now: tick(600))
        #expect(
            timeline.entries == [
                .sample(at: .milliseconds(200), pieces: 1, size: ByteCount(10)),
                .turn(by: Rank(1), from: .milliseconds(300), to: .milliseconds(400)),
                .turn(by: Rank(2), from: .milliseconds(500), to: nil),
            ])
    }

    /// However long the job takes, the limits and the order hold, and the last sample is there.
    @Test(arguments: [1, 7, 1000])
    func limitsHold(step: Int) {
        var timeline = Timeline()
        timeline.begin(now: .zero)
        for piece in 1...5000 {
            timeline.note(
                pieces: UInt64(piece), size: ByteCount(Int64(piece)), now: tick(piece * step))
            timeline.note(isOpen: piece % 2 == 1, by: Rank(1), now: tick(piece * step))
        }
        #expect(timeline.samples.count <= Timeline.samplesMax)
        #expect(timeline.samples.count >= Timeline.samplesMax / 4)
        #expect(timeline.turns.count == Timeline.turnsMax)
        #expect(timeline.turnsDropped == 2500 - Timeline.turnsMax)
        let pieces = timeline.entries.compactMap {
            if case .sample(_, let pieces, _) = $0 { pieces } else { nil }
        }
        #expect(pieces == pieces.sorted())
        #expect(pieces.last == 5000)
    }
}
