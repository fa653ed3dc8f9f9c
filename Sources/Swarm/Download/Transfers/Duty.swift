import Vocabulary

/// The tasks of this rank for one content.
struct Duty: Sendable {
    /// Whether missing pieces are fetched; otherwise the rank only serves those it has.
    let isWanted: Bool
    /// Whether this rank's pieces are compared with the publisher's, although nothing is fetched.
    let isCompared: Bool
    /// Whether this rank sees the source, and can read pieces that no other rank sends.
    let standsBy: Bool

    static let fetching = Duty(isWanted: true, isCompared: false, standsBy: false)

    init(_ opened: OpenedContent) {
        self.init(
            isWanted: opened.isWanted, isCompared: opened.isCompared, standsBy: opened.standsBy)
    }

    private init(isWanted: Bool, isCompared: Bool, standsBy: Bool) {
        self.isWanted = isWanted
        self.isCompared = isCompared
        self.standsBy = standsBy
    }
}
