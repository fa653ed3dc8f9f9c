import Vocabulary

/// Contents for which the other groups are being asked whether any rank still has them, because the
/// last seed of this group is gone.
struct DoubtTable: Sendable {
    enum Outcome: Equatable, Sendable {
        /// The answers may be outdated, so the other groups have to be asked again.
        case outdated
        case answered
    }

    private var asked: [ContentID] = []
    private var outdated: [ContentID] = []

    mutating func ask(_ content: ContentID) {
        if !asked.contains(content) { asked.append(content) }
    }

    /// Notes that another rank has given up the content: answers under way may have been sent
    /// before that.
    mutating func outdate(_ content: ContentID) {
        if !outdated.contains(content) { outdated.append(content) }
    }

    /// Notes that a query for the content has ended. Returns nil if the content was in no doubt.
    mutating func answered(_ content: ContentID) -> Outcome? {
        if let place = outdated.firstIndex(of: content) {
            outdated.remove(at: place)
            return .outdated
        }
        guard let place = asked.firstIndex(of: content) else { return nil }
        asked.remove(at: place)
        return .answered
    }
}
