/// The requests to the tracker about the swarm of one content: which ranks are in it, and whether
/// the missing pieces are lost.
struct Inquiry: Sendable {
    /// The number of answers of the tracker that are still to come.
    private(set) var answersDue = 0
    /// Whether a source has failed to answer since the tracker was last asked for the members.
    var isInDoubt = false
    /// Whether a source has lost a piece that it had, or has died: possibly no rank has the piece.
    private(set) var isBereaved = false
    /// Whether the tracker has named the members since there was nothing left to request; nil if it
    /// was not asked.
    var membersAreFresh: Bool?
    /// The number of such requests since the last proof of life. It is limited, because a false
    /// seed would make this rank ask without end.
    private var freshAsks = 0
    /// The fingerprint of the missing pieces that were last reported as certainly lost.
    private var certainFingerprint: UInt64?
    private var piecesSinceUpdate = 0
    private var hasUpdated = false

    static let freshAsksMax = 8

    mutating func asked() { answersDue += 1 }

    mutating func answered() { if answersDue > 0 { answersDue -= 1 } }

    mutating func bereaved() { isBereaved = true }

    mutating func proofOfLifeSent() { freshAsks = 0 }

    /// Notes that the tracker has named the members.
    mutating func heardMembers() { if membersAreFresh != nil { membersAreFresh = true } }

    /// Returns false after too many requests.
    mutating func mayAskMembers() -> Bool {
        guard freshAsks < Self.freshAsksMax else { return false }
        freshAsks += 1
        membersAreFresh = false
        return true
    }

    func isReported(_ fingerprint: UInt64) -> Bool { certainFingerprint == fingerprint }

    mutating func reported(_ fingerprint: UInt64) { certainFingerprint = fingerprint }

    /// Counts a piece. Returns true for the first one, and then once for each `pieces`.
    mutating func isUpdateDue(isFile: Bool, every pieces: Int) -> Bool {
        piecesSinceUpdate += 1
        guard isFile, !hasUpdated || piecesSinceUpdate >= pieces else { return false }
        hasUpdated = true
        piecesSinceUpdate = 0
        return true
    }
}
