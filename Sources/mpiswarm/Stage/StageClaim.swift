import Storage

/// The claims of a rank: its destination, and what it stages through its cache.
struct StageClaim: ~Copyable {
    private let destination: DestinationClaim
    private let cache: DestinationClaim?

    /// Nil where another job has one of them; then this one gets neither.
    static func take(
        _ place: DestinationPlace, _ cache: DestinationPlace?
    ) throws(StorageError) -> StageClaim? {
        guard let destination = try DestinationClaim.take(place) else { return nil }
        guard let cache else { return StageClaim(destination: destination, cache: nil) }
        guard let claim = try DestinationClaim.take(cache) else { return nil }
        return StageClaim(destination: destination, cache: claim)
    }
}
