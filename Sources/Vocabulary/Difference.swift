/// An entry of a copy that is not as in its source, with its path below the folder that the copy
/// goes to; or an entry of a source that was collected, with its path below the source.
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
        /// It was collected, and removed from the source.
        case taken = 5
        /// It changed, or was added, after the source was listed, or it could not be removed: it
        /// stays in the source.
        case kept = 6
    }

    package let kind: Kind
    package let path: RelativePath

    package init(_ kind: Kind, _ path: RelativePath) {
        self.kind = kind
        self.path = path
    }
}
