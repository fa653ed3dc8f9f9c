import Vocabulary

/// The destinations of a job, which it claims all at once or not at all: a job that kept some while
/// it waited for others could wait for a job that does the same.
///
///     asking → had
///     asking → resting → asking
///
/// Invariant: while it rests, no rank keeps a destination.
struct Claims {
    let ranks: [Rank]
    /// Distinguishes the answers to this question from those to earlier ones.
    private(set) var number: UInt32
    private(set) var awaited: Set<Rank> = []
    private(set) var restsUntil: Tick?
    /// A time at or after the question; nil until a time was noted.
    private var askedBefore: Tick?
    private var answers: [Rank: Answer] = [:]
    private var attempts = 0

    private struct Answer {
        let isFree: Bool
        let place: UInt64
    }

    private struct Place: Hashable {
        let node: UInt64?
        let number: UInt64
    }

    init(_ ranks: [Rank], after number: UInt32) {
        self.ranks = ranks
        self.number = number
    }

    mutating func ask() {
        number &+= 1
        awaited = Set(ranks)
        answers = [:]
        restsUntil = nil
        askedBefore = nil
    }

    mutating func noteTime(_ now: Tick) { askedBefore = askedBefore ?? now }

    /// This process was stopped for `gap`: answers of that time are still in the queue.
    mutating func excuse(_ gap: Duration) { askedBefore = askedBefore.map { $0 + gap } }

    func isOverdue(now: Tick, after patience: Duration) -> Bool {
        askedBefore.map { now - $0 >= patience } ?? false
    }

    /// Returns false for an answer that was not asked for.
    mutating func answered(
        _ rank: Rank, _ number: UInt32, isFree: Bool, place: UInt64
    ) -> Bool {
        guard restsUntil == nil, number == self.number, awaited.remove(rank) != nil else {
            return false
        }
        answers[rank] = Answer(isFree: isFree, place: place)
        return true
    }

    /// The lowest rank whose destination another job has. Paths of two ranks of one node may lead
    /// to one place: one claim then serves both, or the job would wait for itself.
    func taken(node: (Rank) -> UInt64?) -> Rank? {
        var ours: Set<Place> = []
        for rank in ranks {
            guard let answer = answers[rank], answer.isFree else { continue }
            ours.insert(Place(node: node(rank), number: answer.place))
        }
        return ranks.first { rank in
            guard let answer = answers[rank], !answer.isFree else { return false }
            return !ours.contains(Place(node: node(rank), number: answer.place))
        }
    }

    /// Rests longer each time, and for a random time, so that colliding jobs fall out of step.
    mutating func rest(now: Tick, _ chance: inout Chance) {
        let usual = min(Self.restMin * (1 << min(attempts, 6)), Self.restMax)
        attempts += 1
        restsUntil = now + usual / 2 + usual * chance.below(1000) / 1000
    }

    private static let restMin = Duration.milliseconds(100)
    private static let restMax = Duration.seconds(4)
}
