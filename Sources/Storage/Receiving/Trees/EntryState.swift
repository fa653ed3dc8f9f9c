/// The state of an entry of a tree.
struct EntryState {
    var place: Place
    /// Whether the entry lies in the part area, in its whole length.
    var isMade = false
    /// Whether its rights and its date are set, in the part area or in its final place.
    var isDated = false
    /// Whether it lies in the part area as a hard link of a file that others use, too: it is
    /// never written to, and gets no other rights or date.
    var isShared = false
    /// Whether its bytes came with a proven part of the tree: its pieces are held without digests.
    var isProven = false

    /// The entry at the final place, which decides where the entry is written and read.
    enum Place: UInt8 {
        /// Nothing is there: the entry grows in the part area.
        case absent
        /// Something else is there, which is replaced at the end: the entry grows in the part area.
        case replaced
        /// The entry itself is there, or a folder into which it is merged.
        case right
        /// A file of the right length is there. It may be read, but must be compared with bytes to
        /// write.
        case doubted
    }

    var grows: Bool { place == .absent || place == .replaced }

    /// Whether its bytes, right or wrong, can be read here.
    var isThere: Bool { !grows || isMade }
}
