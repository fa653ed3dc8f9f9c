package import Vocabulary

/// A file that a classic input says its peer owns.
package struct OwnedFile: Equatable, Sendable {
    package let name: RelativePath
    package let body: Body

    package enum Body: Equatable, Sendable {
        case labels(LabelTable)
        /// Real bytes, at this path below the folder of the input.
        case bytes(RelativePath)
    }
}
