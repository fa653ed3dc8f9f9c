import Vocabulary

/// What this rank has to do for a content.
struct Duty: Sendable {
    /// Whether the rest is fetched: otherwise what is here is served and no more.
    let isWanted: Bool
    /// Whether what is here is compared with what the publisher has, though nothing is fetched.
    let isCompared: Bool
    /// Whether we see where it comes from, and can read what nobody sends any more.
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
