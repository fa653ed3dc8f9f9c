/// A socket, or another descriptor, whose readiness ends a rest.
package struct SocketWatch: Equatable, Sendable {
    package let descriptor: Int32
    /// Whether bytes to be received count. The other end's death always does.
    package let isReceiving: Bool
    /// Whether bytes wait to be sent over it.
    package let isSending: Bool

    package init(descriptor: Int32, isReceiving: Bool = true, isSending: Bool = false) {
        self.descriptor = descriptor
        self.isReceiving = isReceiving
        self.isSending = isSending
    }
}
