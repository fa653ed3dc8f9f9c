/// An order to a rank about its destination, before a job.
package struct ClaimOrder: Equatable, Sendable {
    package let number: UInt32
    /// Nil if the rank releases its destination.
    package let path: String?

    package init(number: UInt32, path: String?) {
        self.number = number
        self.path = path
    }
}
