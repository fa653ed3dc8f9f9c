import Vocabulary

/// The number of times that each rank has sent the same message, word for word, in a row.
///
/// No message is lost or doubled on its way, and nearly all messages carry a number or a list of
/// their own, so that only a waiting rank repeats itself, at its alive interval. Invariant: the
/// count of a rank grows by repetitions alone, whatever other messages it sends.
struct Repetitions {
    /// The repetitions of half an hour, during which the reader was stopped, arrive all at once.
    static let repetitionsMax = 1024
    /// Twice what an alive interval of 10 ms comes to, the shortest that may be set.
    static let repetitionsPerSecondMax = 200

    private struct Latest {
        var rank: Rank?
        var hash: UInt64 = 0
    }

    /// The last message of each rank, as far as ranks do not share a place: a flood comes without
    /// gaps, and there may be thousands of ranks.
    private var latest = [Latest](repeating: Latest(), count: 16)
    /// Only for ranks that have repeated themselves.
    private var counts: [Rank: (count: Int, since: Tick)] = [:]

    /// No rank has repeated itself.
    var isEmpty: Bool { counts.isEmpty }

    /// Returns whether the rank has repeated itself more often than one that waits does.
    mutating func note(_ bytes: RawSpan, from rank: Rank, now: Tick) -> Bool {
        let place = Int(rank.raw) % latest.count
        let hash = Self.hash(bytes)
        guard latest[place].rank == rank, latest[place].hash == hash else {
            latest[place] = Latest(rank: rank, hash: hash)
            return false
        }
        let (count, since) = counts[rank] ?? (0, now)
        counts[rank] = (count + 1, since)
        let seconds = Int((now - since).components.seconds)
        return count >= Self.repetitionsMax + seconds * Self.repetitionsPerSecondMax
    }

    /// FNV-1a by words: two different messages have the same hash once in 2^64 times, which counts
    /// one repetition too many.
    private static func hash(_ bytes: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = (hash ^ word) &* 0x100_0000_01B3
            hash ^= hash >> 29
            offset += 8
        }
        while offset < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            offset += 1
        }
        return hash ^ UInt64(bytes.byteCount)
    }
}
