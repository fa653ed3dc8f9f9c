/// Identifies an order of a user, and its result.
package struct OrderTicket: Hashable, Sendable {
    package let raw: UInt64
    package init(_ raw: UInt64) { self.raw = raw }
}
