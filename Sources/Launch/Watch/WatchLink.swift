import Glibc
import Vocabulary

/// One connection between two ranks, on a socket that never blocks.
struct WatchLink {
    /// The time that a peer has to connect and to greet.
    static let greetingPatience = 5_000_000_000 as UInt64
    /// The number of bytes that may wait for a peer that does not read; more are dropped.
    private static let waitingMax = 1 << 16

    let socket: Int32
    var talk: WatchTalk
    /// Whether `connect` has come to an end.
    var isConnected: Bool
    /// The addresses of the other rank that were not tried yet.
    var untried: ArraySlice<UInt32> = []
    /// The moment at which the link is given up unless it was greeted, in nanoseconds.
    let deadline: UInt64
    private(set) var waiting: [UInt8] = []

    init(socket: Int32, talk: WatchTalk, isConnected: Bool, now: UInt64) {
        self.socket = socket
        self.talk = talk
        self.isConnected = isConnected
        deadline = now + Self.greetingPatience
    }

    var isGreeted: Bool { talk.stage == .greeted }

    var events: Int16 { Int16(!isConnected || !waiting.isEmpty ? POLLIN | POLLOUT : POLLIN) }

    /// Sends as much as the socket takes. Only a read shows that the other side has ended.
    mutating func send(_ bytes: [UInt8] = []) {
        if waiting.count + bytes.count <= Self.waitingMax { waiting += bytes }
        guard isConnected, !waiting.isEmpty else { return }
        let count = unsafe Glibc.send(
            socket, waiting, waiting.count, Int32(MSG_NOSIGNAL))
        if count > 0 { waiting.removeFirst(count) }
    }

    enum Reading {
        case events([WatchTalk.Event])
        case nothing
        /// The process at the other end has closed the connection, or is gone with it.
        case closed
        /// The network has failed; the process at the other end may live.
        case failed
    }

    mutating func read() -> Reading {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = unsafe recv(socket, &buffer, buffer.count, 0)
        if count > 0 { return .events(talk.received(buffer[..<count])) }
        if count == 0 { return .closed }
        switch errno {
        case EAGAIN, EINTR: return .nothing
        case ECONNRESET: return .closed
        default: return .failed
        }
    }
}
