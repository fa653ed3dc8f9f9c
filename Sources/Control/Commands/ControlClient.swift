/// The number of one conversation with a user. Numbers are not reused.
package struct ControlClient: Hashable, Sendable {
    let raw: UInt64
}
