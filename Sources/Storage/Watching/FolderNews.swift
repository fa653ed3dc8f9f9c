package import Vocabulary

/// A change of one file of a watched folder.
package enum FolderNews: Equatable, Sendable {
    /// The file is there, and no process writes to it: it is new or has changed.
    case found(RelativePath)
    case gone(RelativePath)
    /// The file has a name that cannot be sent to others, or had one and is gone; with its folder
    /// and the reason.
    case unfit(String, in: String, PathError, isThere: Bool)
    /// No file in this folder can be reported; its path in the watched folder.
    case closed(String, StorageError)
    /// It can be now, or has gone.
    case opened(String)
}
