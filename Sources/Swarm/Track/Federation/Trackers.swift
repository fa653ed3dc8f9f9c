import Vocabulary
import Wire

/// The trackers of a job, as one of them sees the others: which of them live and which one decides
/// for all (`groups`), and the queries to them (`overlay`). A lost tracker decides nothing, and
/// gets no query. A tracker without others decides alone, and knows all answers.
struct Trackers: Sendable {
    var groups: Groups
    var overlay: Overlay

    init(_ rules: TrackerRules, now: Tick) {
        groups = Groups(rules: rules, now: now)
        // An heir tracks alone, and its rank is not in the topology.
        overlay = Overlay(rules: rules.overlay, own: rules.isAlone ? .first : rules.rank)
    }

    /// Notes a sign of life. Returns true if that tracker was thought to be lost.
    mutating func heard(from tracker: Rank, now: Tick) -> Bool {
        guard groups.heard(from: tracker, now: now) else { return false }
        overlay.setLost(tracker, false)
        return true
    }

    /// Returns the trackers that have been silent for too long.
    mutating func expire(now: Tick) -> [Rank] {
        let lost = groups.expire(now: now)
        for tracker in lost { overlay.setLost(tracker, true) }
        return lost
    }

    /// Notes that the death of a rank is certain. Returns true if it was a living tracker.
    mutating func died(_ rank: Rank, now: Tick) -> Bool {
        guard groups.living.contains(rank) else { return false }
        groups.setLost(rank, now: now)
        overlay.setLost(rank, true)
        return true
    }

    /// Notes which trackers are lost, as the root reports it.
    mutating func learnLost(_ tail: RawSpan, _ count: UInt32, now: Tick) throws(WireError) {
        guard tail.byteCount == Int(count) * 4 else { throw .malformed }
        var cursor = 0
        var lost: [Rank] = []
        for _ in 0..<count { lost.append(try tail.readRank(&cursor)) }
        for tracker in groups.others {
            let isLost = lost.contains(tracker)
            overlay.setLost(tracker, isLost)
            if isLost {
                groups.setLost(tracker, now: now)
            } else if tracker > groups.root {
                _ = groups.heard(from: tracker, now: now)
            }
        }
    }

    /// The living trackers that no query of this tracker can reach any more.
    var parted: [Rank] {
        let hops = overlay.rules.topology.distances(from: groups.own, without: overlay.lost)
        return groups.living.filter {
            hops[Int($0.raw)].map { $0 > overlay.rules.timeToLive } ?? true
        }
    }

    /// The query and hit messages of all trackers, as the root knows them when the job is over.
    var traffic: (queries: Int, hits: Int) {
        groups.rows.reduce((overlay.counts.queriesSent, overlay.counts.hitsSent)) {
            ($0.0 + $1.queries, $0.1 + $1.hits)
        }
    }

    /// This process was stopped for `gap`: messages of that time are still in the queue.
    mutating func excuse(_ gap: Duration) {
        groups.excuse(gap)
        overlay.excuse(gap)
    }
}
