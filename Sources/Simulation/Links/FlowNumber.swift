/// Identifies a flow while it lives. The generation distinguishes flows that had the number one
/// after the other.
package struct FlowNumber: Hashable, Sendable {
    package let raw: UInt32
    package init(_ raw: UInt32) { self.raw = raw }
}
