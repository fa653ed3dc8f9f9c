/// An entry of a copy that is not as in its source. The path is below the folder that the copy goes
/// to.
package struct Difference: Hashable, Sendable {
    /// The raw values travel and are frozen.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// The copy lacks it.
        case missing = 0
        case different = 1
        /// The source lacks it.
        case extra = 2
        /// The source lacks it, and it was removed from the copy.
        case removed = 3
        /// The source lacks it, and it could not be removed.
        case stuck = 4
    }

    package let kind: Kind
    package let path: RelativePath

    package init(_ kind: Kind, _ path: RelativePath) {
        self.kind = kind
        self.path = path
    }
}
