import Vocabulary

/// The number of times that each rank has sent, word for word, one of its last few messages.
///
/// No message is lost or doubled on its way, and nearly all messages carry a number or a list of
/// their own. A waiting rank repeats itself, at its alive interval; and a rank gains and loses
/// interest in a neighbour about as often as that neighbour announces pieces. Invariant: the count
/// of a rank grows by repetitions alone, whatever other messages it sends.
struct Repetitions {
    /// The repetitions of half an hour, during which the reader was stopped, arrive all at once.
    static let repetitionsMax = 1024
    /// Beyond this number, repeated questions get no answers: a flood would be answered by another
    /// flood until it is noticed.
    static let answersMax = 64
    /// Twice the number at an alive interval of 10 ms, the shortest that may be set.
    static let repetitionsPerSecondMax = 200
    /// A neighbour that hears of a piece may gain interest and lose it again; twice that, because
    /// it may have heard of other pieces before.
    static let repetitionsPerAnnouncementMax = 4

    enum Verdict {
        /// News, or no more repetitions than an honest rank may send.
        case usual
        /// A question that was answered often enough.
        case answered
        /// More than an honest rank sends.
        case flood
    }

    private struct Latest {
        static let hashCount = 4

        var rank: Rank?
        /// The hashes of the last different messages, the oldest at `next`.
        var hashes = InlineArray<4, UInt64>(repeating: 0)
        var next = 0

        mutating func note(_ hash: UInt64) {
            hashes[next] = hash
            next = (next + 1) % Self.hashCount
        }

        func contains(_ hash: UInt64) -> Bool {
            for place in 0..<Self.hashCount where hashes[place] == hash { return true }
            return false
        }
    }

    private struct Count {
        var repetitions = 0
        let since: Tick
        /// Announcements of pieces that were sent to the rank since then.
        var announcements = 0

        func verdict(now: Tick) -> Verdict {
            let seconds = Int((now - since).components.seconds)
            let sudden =
                repetitions - seconds * Repetitions.repetitionsPerSecondMax
                - announcements * Repetitions.repetitionsPerAnnouncementMax
            return switch sudden {
            case ...Repetitions.answersMax: .usual
            case ...Repetitions.repetitionsMax: .answered
            default: .flood
            }
        }
    }

    /// The last messages of each rank, as far as ranks do not share a place: a flood comes without
    /// gaps, and there may be thousands of ranks.
    private var latest = [Latest](repeating: Latest(), count: 16)
    /// Has only ranks that have repeated themselves.
    private var counts: [Rank: Count] = [:]

    /// No rank has repeated itself.
    var isEmpty: Bool { counts.isEmpty }

    /// Pieces were announced to the rank, which may answer with messages that it has sent before.
    mutating func announced(to rank: Rank) {
        if !counts.isEmpty { counts[rank]?.announcements += 1 }
    }

    mutating func note(_ bytes: RawSpan, from rank: Rank, now: Tick) -> Verdict {
        let place = Int(rank.raw) % latest.count
        let hash = Self.hash(bytes)
        if latest[place].rank != rank { latest[place] = Latest(rank: rank) }
        guard latest[place].contains(hash) else {
            latest[place].note(hash)
            return .usual
        }
        var count = counts[rank] ?? Count(since: now)
        count.repetitions += 1
        counts[rank] = count
        return count.verdict(now: now)
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
