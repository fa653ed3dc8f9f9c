/// Decides when a launcher that has nothing left to do is to be ended. It counts looks and reads no
/// clock: a process that was stopped looks less often too.
struct IdleCount {
    enum Verdict: Equatable {
        case wait, end, giveUp
    }

    /// A launcher whose job goes on for longer than this number of times is not to be ended.
    static let patienceFactor = 30

    private let looksMax: Int
    private var idleCount = 0
    private var count = 0

    init(looksMax: Int) { self.looksMax = looksMax }

    /// `isIdle` is nil where that cannot be seen.
    mutating func look(isIdle: Bool?) -> Verdict {
        guard let isIdle else { return .giveUp }
        count += 1
        idleCount = isIdle ? idleCount + 1 : 0
        if idleCount >= looksMax { return .end }
        return count >= looksMax * Self.patienceFactor ? .giveUp : .wait
    }
}
