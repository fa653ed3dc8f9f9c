package import Vocabulary

/// Why bytes are not a manifest.
package enum ManifestError: Error, Equatable, Sendable {
    /// Too short for a head, or another kind of file.
    case notAManifest
    case unknownVersion(UInt8)
    case unknownScheme(UInt8)
    case badName(PathError)
    /// A cut that is impossible, too fine, too coarse, or not the one of the total.
    case badGeometry
    case badLabel(LabelError)
    /// More or fewer bytes than the head announces.
    case wrongLength
}
