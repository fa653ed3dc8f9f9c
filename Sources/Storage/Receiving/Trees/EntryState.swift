/// The state of an entry of a tree.
struct EntryState {
    var place: Place
    /// Whether it lies in the part area, in its whole length.
    var isMade = false
    /// Whether its rights and its date are set, there or in its place.
    var isDated = false

    /// The entry at the final place, which decides where the entry is written and read.
    enum Place: UInt8 {
        /// Nothing: the entry grows in the part area.
        case absent
        /// Something else, which gives way at the end: the entry grows in the part area.
        case replaced
        /// The entry itself; a folder that is merged into.
        case right
        /// A file of the right length. It is read, but what is written must be compared.
        case doubted
    }

    var grows: Bool { place == .absent || place == .replaced }

    /// Whether its bytes, right or wrong, can be read here.
    var isThere: Bool { !grows || isMade }
}
