import Vocabulary

/// The roles that peers claim for contents which no group has described yet. Invariant: there are
/// `count` claims in all, at most `claimsMax`, and none of them twice.
struct ClaimTable: Sendable {
    enum Outcome: Equatable, Sendable {
        case noted, known, refused
    }

    private var claims: [ContentID: [Claim]] = [:]
    private(set) var count = 0

    static var claimsMax: Int { 1 << 16 }

    func contains(_ content: ContentID) -> Bool { claims[content] != nil }

    mutating func note(_ claim: Claim, of content: ContentID) -> Outcome {
        guard count < Self.claimsMax else { return .refused }
        guard claims[content]?.contains(claim) != true else { return .known }
        claims[content, default: []].append(claim)
        count += 1
        return .noted
    }

    /// Removes the claims of a content that is known now, and returns them in order.
    mutating func take(_ content: ContentID) -> [Claim] {
        guard let known = claims.removeValue(forKey: content) else { return [] }
        count -= known.count
        return known
    }

    func checkInvariants() {
        precondition(count == claims.values.reduce(0) { $0 + $1.count }, "a claim drifted")
        precondition(count <= Self.claimsMax, "too many claims")
    }
}
