/// What the tracker is asked about the swarm of one content: which ranks are in it, and whether
/// what is missing is lost.
struct Inquiry: Sendable {
    /// Answers of the tracker that are still to come.
    private(set) var answersDue = 0
    /// A source did not answer since the tracker was last asked who lives.
    var isInDoubt = false
    /// A source lost a piece that it had, so that nobody may have it.
    private(set) var isBereaved = false
    /// Whether the tracker has named the members since there was nothing more to ask for; nil
    /// where it was not asked.
    var membersAreFresh: Bool?
    /// How often it was asked for that since the last proof of life: a false seed would have us ask
    /// without end.
    private var freshAsks = 0
    /// What was missing when it was last reported as certain.
    private var certainFingerprint: UInt64?
    private var piecesSinceUpdate = 0
    private var hasUpdated = false

    static let freshAsksMax = 8

    mutating func asked() { answersDue += 1 }

    mutating func answered() { if answersDue > 0 { answersDue -= 1 } }

    mutating func bereaved() { isBereaved = true }

    mutating func proofOfLifeSent() { freshAsks = 0 }

    /// The tracker named the members.
    mutating func heardMembers() { if membersAreFresh != nil { membersAreFresh = true } }

    /// False when it was asked too often.
    mutating func mayAskMembers() -> Bool {
        guard freshAsks < Self.freshAsksMax else { return false }
        freshAsks += 1
        membersAreFresh = false
        return true
    }

    func isReported(_ fingerprint: UInt64) -> Bool { certainFingerprint == fingerprint }

    mutating func reported(_ fingerprint: UInt64) { certainFingerprint = fingerprint }

    /// A piece came. True after the first and then every so many.
    mutating func isUpdateDue(isFile: Bool, every pieces: Int) -> Bool {
        piecesSinceUpdate += 1
        guard isFile, !hasUpdated || piecesSinceUpdate >= pieces else { return false }
        hasUpdated = true
        piecesSinceUpdate = 0
        return true
    }
}
