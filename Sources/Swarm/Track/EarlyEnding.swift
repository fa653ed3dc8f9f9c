import Vocabulary

/// The reasons for which a job ends before its peers are done: bad input, owners that disagree, or
/// a user who ends it.
struct EarlyEnding: Sendable {
    /// The first disagreement of owners, if it ends the job before it begins.
    private(set) var disagreement: (name: RelativePath, owners: [Rank])?
    /// Whether a user has requested the end of the job.
    private(set) var isWanted = false
    /// The time of the first report of bad input.
    private var refusedSince: Tick?
    private let patience: Duration

    init(_ rules: TrackerRules) { patience = rules.refusalPatience }

    /// Whether a peer has reported bad input.
    var isRefused: Bool { refusedSince != nil }

    mutating func refuse(now: Tick) { refusedSince = refusedSince ?? now }

    mutating func disagree(on name: RelativePath, _ owners: [Rank]) {
        disagreement = (name, owners)
    }

    mutating func want() { isWanted = true }

    /// Whether the peers have had time to report bad input since the first one did. Asks for a call
    /// when that time is over.
    func isDue(now: Tick, _ effects: inout Effects<TrackerEffect>) -> Bool {
        guard let refusedSince else { return false }
        let end = refusedSince + patience
        if now < end { effects.append(.wake(at: end)) }
        return now >= end
    }
}
