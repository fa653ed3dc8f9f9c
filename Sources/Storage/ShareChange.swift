package import Content
package import Vocabulary

/// What has become of a file that is offered to others.
package enum ShareChange: Sendable {
    case came(Publication)
    case went(RelativePath, ContentID, nested: ContentID?)
    /// It cannot be offered, and why.
    case refused(String, StorageError)
}
