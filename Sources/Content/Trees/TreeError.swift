package import Vocabulary

/// The reason why the description of a tree is refused.
package enum TreeError: Error, Equatable, Sendable {
    case notATree
    case unknownVersion(UInt8)
    case unknownDigest(UInt8)
    case truncated
    /// Bytes after the last entry.
    case trailing
    /// A publisher that no job has, or bits that mean nothing.
    case badHead
    case badName(PathError)
    /// Impossible bits, times, lengths or extents, or a second form of valid ones, in the entry of
    /// that number.
    case badEntry(Int)
    /// Not in order, given twice, or in a folder that is none.
    case misplaced(RelativePath)
    case badGeometry
}
