/// The reason why a label is refused.
package enum LabelError: Error, Equatable, Sendable {
    case empty
    case tooLong(characterCount: Int)
    /// Not UTF-8.
    case notText
    /// A blank or a control character in it.
    case control
    /// In a table's text, the last label lacks its line feed.
    case unended
    /// The label is fine, but its table has no room for another.
    case tableFull
}
