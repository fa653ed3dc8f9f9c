/// The traffic of the network.
package struct NetworkCounts: Sendable {
    /// By the first byte of the head, the message's kind.
    package internal(set) var messagesByKind = [UInt64](repeating: 0, count: 256)
    package internal(set) var messageBytes: UInt64 = 0
    package internal(set) var payloads: UInt64 = 0
    /// Payload bytes that each rank sent, and that it received.
    package internal(set) var served: [UInt64]
    package internal(set) var received: [UInt64]
    /// Bytes of pieces that the receiver already had.
    package internal(set) var duplicateBytes: UInt64 = 0
    /// Messages and payloads to ranks that had died or left.
    package internal(set) var dropped: UInt64 = 0
    package internal(set) var peakSlots = 0
    /// Wake-ups that were requested for a time that had already come. A high number means that a
    /// node spins.
    package internal(set) var hurriedAlarms: UInt64 = 0

    init(rankCount: Int = 0) {
        served = [UInt64](repeating: 0, count: rankCount)
        received = [UInt64](repeating: 0, count: rankCount)
        handled = received
    }

    /// Messages that each rank sent or received.
    package internal(set) var handled: [UInt64]

    package var messages: UInt64 { messagesByKind.reduce(0, +) }
}
