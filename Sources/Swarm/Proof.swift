import Vocabulary

/// How it becomes certain that the pieces of a content are its publisher's, where the manifest has
/// no digests.
///
///     waiting for the seal → comparing digests of whole tables → (fetching the publisher's table,
///     part by part →) proven
struct Proof: Sendable {
    /// Who says in the end what the pieces must be; nil where the manifest does.
    var publisher: Rank?
    /// The digest of the publisher's table, once it is final.
    var seal: PieceDigest?
    /// All pieces are the publisher's, or its table is here and what comes is held to it.
    var isProven = false
    /// How much of the publisher's table was compared, while the next part is awaited.
    var compared: Int?
    /// How much will have been when the store has compared what came.
    var comparing = 0
}

extension Transfer {
    /// Whoever publishes knows, and whoever only serves need not.
    func needsProof(at rank: Rank) -> Bool {
        guard let publisher = proof.publisher, publisher != rank, isWanted else { return false }
        return !proof.isProven
    }
}
