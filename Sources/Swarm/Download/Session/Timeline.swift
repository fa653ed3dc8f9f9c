import Vocabulary
import Wire

/// The course of a peer's transfers, small enough for its last report: samples of the amount
/// received, and the periods in which each source accepted its requests. Times count from the
/// admission, which reaches all ranks at once: the clocks of several hosts agree on nothing else.
///
/// Invariant: samples and turns are no more than their limits; samples are in order of time.
struct Timeline: Sendable {
    struct Sample: Equatable, Sendable {
        let at: Duration
        let pieces: UInt64
        let size: ByteCount
    }

    struct Turn: Equatable, Sendable {
        let by: Rank
        let from: Duration
        /// The end of the period; nil while it lasts.
        var to: Duration?
    }

    static let samplesMax = 256
    static let turnsMax = 1024

    private var begunAt: Tick?
    private(set) var samples: [Sample] = []
    private(set) var turns: [Turn] = []
    /// The least time between two samples; doubles when there are too many.
    private var spacing = Duration.milliseconds(1)
    /// The latest figures, if they did not become a sample.
    private var latest: Sample?
    /// The number of turns that were not noted, because there were too many.
    private(set) var turnsDropped = 0

    /// Begins the timeline. Only the first call counts.
    mutating func begin(now: Tick) { if begunAt == nil { begunAt = now } }

    mutating func note(pieces: UInt64, size: ByteCount, now: Tick) {
        guard let begunAt else { return }
        let sample = Sample(at: now - begunAt, pieces: pieces, size: size)
        guard sample.at >= (samples.last?.at ?? .zero) + spacing || samples.isEmpty else {
            latest = sample
            return
        }
        latest = nil
        if samples.count + 1 >= Self.samplesMax { thin() }
        samples.append(sample)
    }

    /// Removes every other sample.
    private mutating func thin() {
        samples = samples.indices.filter { $0 % 2 == 0 }.map { samples[$0] }
        spacing = max(spacing * 2, (samples.last?.at ?? .zero) / (Self.samplesMax / 2))
    }

    mutating func note(isOpen: Bool, by rank: Rank, now: Tick) {
        guard let begunAt else { return }
        if isOpen {
            guard turns.count < Self.turnsMax else {
                turnsDropped += 1
                return
            }
            turns.append(Turn(by: rank, from: now - begunAt, to: nil))
        } else if let last = turns.lastIndex(where: { $0.by == rank && $0.to == nil }) {
            turns[last].to = now - begunAt
        }
    }

    /// All entries for the last report. A turn that still lasts has no end.
    var entries: [ReportEntry] {
        let known = samples + (latest.map { [$0] } ?? [])
        return known.map { .sample(at: $0.at, pieces: $0.pieces, size: $0.size) }
            + turns.map { .turn(by: $0.by, from: $0.from, to: $0.to) }
    }
}
