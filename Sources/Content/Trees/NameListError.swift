package import Vocabulary

/// The reason why a list of paths is refused.
package enum NameListError: Error, Equatable, Sendable {
    /// The number of the line or field, and its text.
    case badName(Int, [UInt8], PathError)
    case empty
}
