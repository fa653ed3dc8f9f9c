/// Who reads a message. Each thread receives on its own tags, so that no thread can take what is
/// meant for another of the same rank.
package enum Tag: Int32, Sendable, CaseIterable {
    case tracker = 1
    case download = 2
    case upload = 3
    case overlay = 4

    /// Payloads ride on `payloadBase` plus their request's number, modulo what the network allows.
    package static let payloadBase: Int32 = 16
}
