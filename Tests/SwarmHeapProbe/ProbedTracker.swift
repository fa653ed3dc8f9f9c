import Swarm
import Vocabulary
import Wire

/// A tracker whose peers show that they live, and report their progress.
struct ProbedTracker {
    private static let content = ContentID(high: 7, low: 7)

    private var tracker: Tracker
    private var effects = Effects<TrackerEffect>()
    private var now = Tick.zero
    private let peers: Range<Int32>

    init(peerCount: Int) {
        peers = 1..<Int32(peerCount) + 1
        tracker = Tracker(
            rules: TrackerRules(firstPeer: Rank(1), peerCount: peerCount), now: now,
            effects: &effects)
        for rank in peers {
            precondition(hear(.join, from: rank), "it is understood")
            list(by: rank)
            effects.removeAll()
        }
        for rank in peers.dropFirst() {
            _ = hear(
                .swarmRequest(
                    Self.content, want: WantNumber(0), by: .content, needsManifest: true),
                from: rank)
            effects.removeAll()
        }
        precondition(tracker.stage == .running, "all lists are in")
    }

    private mutating func list(by rank: Int32) {
        var tail: [UInt8] = []
        do throws(PathError) {
            let name = try RelativePath("a")
            let entry: FileListEntry =
                rank == peers.lowerBound
                ? .owned(
                    name, Self.content, size: ByteCount(100), pieces: 10,
                    manifest: Descriptor(inline: [1]))
                : .wanted(name)
            entry.write(to: &tail)
        } catch { preconditionFailure("a is a name") }
        let isRight = hear(.fileList(page: 0, entries: 1, isLast: true), tail: tail, from: rank)
        precondition(isRight, "the list is right")
    }

    /// Each peer sends a proof of life, and one of them its progress.
    mutating func hearFromAll() -> Bool {
        now = now + .milliseconds(20)
        var isRight = true
        var rank = peers.lowerBound
        while rank < peers.upperBound {
            isRight = hear(.alive, from: rank) && isRight
            rank += 1
        }
        isRight = hear(.peerUpdate(Self.content, held: 3), from: peers.lowerBound + 1) && isRight
        tracker.timeout(now: now, effects: &effects)
        effects.removeAll()
        return isRight
    }

    private mutating func hear(
        _ message: TrackerMessage, tail: [UInt8] = [], from rank: Int32
    ) -> Bool {
        do throws(WireError) {
            try unsafe tracker.received(
                message, tail: tail.span.bytes, from: Rank(rank), now: now, effects: &effects)
            return true
        } catch { return false }
    }
}
