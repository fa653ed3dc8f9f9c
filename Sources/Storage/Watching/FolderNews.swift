package import Vocabulary

/// What has become of one file of a watched folder.
package enum FolderNews: Equatable, Sendable {
    /// It is there, and nobody writes to it: new, or no longer what it was.
    case found(RelativePath)
    case gone(RelativePath)
    /// It has a name that cannot be told to others, or had one and is gone. The folder that it
    /// lies in, and why.
    case unfit(String, in: String, PathFlaw, isThere: Bool)
    /// Nothing in this folder can be told of; its path in the watched one.
    case closed(String, StorageError)
    /// It can be now, or has gone.
    case opened(String)
}
