package import Vocabulary

/// The subject of a query.
package enum OverlayKey: Hashable, Sendable {
    case name(RelativePath)
    case content(ContentID)
    case catalog
    case roll
}
