import Vocabulary
import Wire

/// One line for each message, for users who want to see the protocol.
package struct Trace: Sendable {
    private let write: @Sendable (String) -> Void

    package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    func sent(_ message: Message, tail: Int, to rank: Rank, now: Tick) {
        write("\(Self.time(now)) > \(rank) \(Self.words(message)) tail \(tail)\n")
    }

    func received(_ message: Message, tail: Int, from rank: Rank, now: Tick) {
        write("\(Self.time(now)) < \(rank) \(Self.words(message)) tail \(tail)\n")
    }

    func violated(_ error: WireError, by rank: Rank, now: Tick) {
        write("\(Self.time(now)) ! \(rank) \(error)\n")
    }

    /// Seconds and microseconds since the clock's origin.
    private static func time(_ now: Tick) -> String {
        let micros = now.nanoseconds / 1000
        let digits = String(micros % 1_000_000)
        return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func words(_ message: Message) -> String {
        switch message {
        case .tracker(let inner): "tracker \(inner)"
        case .download(let inner): "download \(inner)"
        case .upload(let inner): "upload \(inner)"
        case .overlay(let inner): "overlay \(inner)"
        }
    }
}
