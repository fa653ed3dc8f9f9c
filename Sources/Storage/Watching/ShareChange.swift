package import Content
package import Vocabulary

/// A change of a file that is offered to others.
package enum ShareChange: Sendable {
    case came(Publication)
    /// The same bytes as before, in a file that has another date, or could not be read for a while.
    case renewed(Publication)
    case went(RelativePath, ContentID, nested: ContentID?)
    /// A file was found that takes long to read. It comes, or is refused, or is `notRead`.
    case reading(RelativePath, ByteCount)
    /// It was gone before it was read.
    case notRead(RelativePath)
    /// It cannot be offered, and why.
    case refused(String, StorageError)
}
