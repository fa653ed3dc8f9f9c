/// Entries whose owner or attributes could not be set, because this user may not: the first of
/// them, and the number of further ones.
package struct PreservedLapse: Equatable, Sendable {
    package let path: String
    package let more: Int
}
