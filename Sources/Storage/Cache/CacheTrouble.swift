/// The reason why a job continues without its cache.
package enum CacheTrouble: Equatable, Sendable {
    case failed(StorageError)
    /// A content is larger than the cache, or the rest is in use.
    case full(path: String)
    /// Files are copied where hard links were wished.
    case unlinked(StorageError)
}
