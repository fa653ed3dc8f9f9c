/// Names one conversation with a user. A number is never given twice.
package struct ControlClient: Hashable, Sendable {
    let raw: UInt64
}
