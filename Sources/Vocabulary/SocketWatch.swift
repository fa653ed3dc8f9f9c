/// A socket whose readiness ends a rest.
package struct SocketWatch: Equatable, Sendable {
    package let descriptor: Int32
    /// Whether bytes wait to be sent over it; bytes to be received always count.
    package let isSending: Bool

    package init(descriptor: Int32, isSending: Bool) {
        self.descriptor = descriptor
        self.isSending = isSending
    }
}
