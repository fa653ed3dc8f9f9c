/// The two places that an entry of a tree has at a receiver.
enum TreeSide {
    /// In the part area, under the path of the manifest.
    case growing
    /// The final place, under its top name at the receiver.
    case final
}
