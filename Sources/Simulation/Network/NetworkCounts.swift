/// What the network has carried.
package struct NetworkCounts: Sendable {
    /// By the kind byte of the head.
    package internal(set) var messagesByKind = [UInt64](repeating: 0, count: 256)
    package internal(set) var messageBytes: UInt64 = 0
    package internal(set) var payloads: UInt64 = 0
    /// Payload bytes that left each rank, and that reached it.
    package internal(set) var served: [UInt64]
    package internal(set) var received: [UInt64]
    /// Payloads of pieces that the receiver had kept already.
    package internal(set) var duplicateBytes: UInt64 = 0
    /// What was sent to the dead, or to nobody that reads it.
    package internal(set) var dropped: UInt64 = 0
    package internal(set) var peakSlots = 0
    /// Wakes that a node asked for when their time had come already: many mean that it spins.
    package internal(set) var hurriedAlarms: UInt64 = 0

    init(rankCount: Int = 0) {
        served = [UInt64](repeating: 0, count: rankCount)
        received = [UInt64](repeating: 0, count: rankCount)
        handled = received
    }

    /// Messages that reached each rank, and that it sent.
    package internal(set) var handled: [UInt64]

    package var messages: UInt64 { messagesByKind.reduce(0, +) }
}
