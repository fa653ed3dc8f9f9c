package import Vocabulary

/// What a query is about.
package enum OverlayKey: Hashable, Sendable {
    case name(RelativePath)
    case content(ContentID)
    case catalog
    case roll
}
