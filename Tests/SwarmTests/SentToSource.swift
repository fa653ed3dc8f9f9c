import Vocabulary
import Wire

@testable import Swarm

/// A message to a source's upload thread, with the bytes of its tail.
struct SentToSource: Equatable {
    let message: UploadMessage
    let tail: [UInt8]
    let to: Int32

    init(_ message: UploadMessage, to rank: Int32, _ tail: [UInt8] = []) {
        self.message = message
        self.tail = tail
        to = rank
    }
}

extension Client {
    /// The messages to upload threads since the last call.
    mutating func sentToSources() -> [SentToSource] {
        let sent = effects.list.compactMap { effect -> SentToSource? in
            guard case .send(.upload(let message), let tail, let rank) = effect else {
                return nil
            }
            return SentToSource(message, to: rank.raw, Array(effects.bytes(of: tail)))
        }
        _ = drain()
        return sent
    }
}
