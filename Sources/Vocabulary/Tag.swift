/// The thread that reads a message. Each thread receives on its own tags, so that it cannot take a
/// message for another thread of the same rank.
package enum Tag: Int32, Sendable, CaseIterable {
    case tracker = 1
    case download = 2
    case upload = 3
    case overlay = 4

    /// A payload travels on `payloadBase` plus the number of its request, modulo the number of tags
    /// that the network allows.
    package static let payloadBase: Int32 = 16
}
