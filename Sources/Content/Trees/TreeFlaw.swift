package import Vocabulary

/// What makes a tree's description unacceptable.
package enum TreeFlaw: Error, Equatable, Sendable {
    case notATree
    case unknownVersion(UInt8)
    case unknownDigest(UInt8)
    case truncated
    /// Bytes after the last entry.
    case trailing
    /// A publisher that no job has, or bits that mean nothing.
    case badHead
    case badName(PathFlaw)
    /// Bits, times, lengths or extents that nothing can have, or that could be told otherwise, in
    /// the entry of that number.
    case badEntry(Int)
    /// Not in order, given twice, or in a folder that is none.
    case misplaced(RelativePath)
    case badGeometry
}
