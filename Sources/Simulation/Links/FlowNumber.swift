/// Names a flow while it lives; the generation tells it from an earlier one of that number.
package struct FlowNumber: Hashable, Sendable {
    package let raw: UInt32
    package init(_ raw: UInt32) { self.raw = raw }
}
