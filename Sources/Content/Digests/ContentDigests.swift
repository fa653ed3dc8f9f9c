/// The digests of a plan, computed over the bytes of a content.
package struct ContentDigests: Equatable, Sendable {
    let pieces: PieceDigests?
    /// Nil where it was not asked for, or not all was read.
    let whole: [UInt8]?
    /// One for each stretch; nil for pads, and for files of which nothing was read.
    let trees: [FileDigests?]
}
