/// The treatment of entries of a copy that its source lacks.
package enum ExtraEntries: UInt8, Sendable {
    /// Part of the source could not be read, so that nothing is known of what it lacks.
    case ignored = 0
    case counted = 1
    case removed = 2
}
