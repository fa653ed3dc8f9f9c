/// Entries whose owner or attributes are not what they should be, since that is not permitted here:
/// the first of them, and how many more there are.
package struct PreservedLapse: Equatable, Sendable {
    package let path: String
    package let more: Int
}
