/// Names an order of a user to a downloader, and what comes of it.
package struct OrderTicket: Hashable, Sendable {
    package let raw: UInt64
    package init(_ raw: UInt64) { self.raw = raw }
}
