import HeapCount
import Vocabulary
import Wire

// Encodes and decodes one message of every reader a thousand times, and prints what that asked
// of the heap; then does something that must ask, so that a probe that counts nothing shows.

let content = ContentID(high: 1, low: 2)
let messages: [Message] = [
    .tracker(.swarmRequest(content, want: WantNumber(1), by: .content, needsManifest: true)),
    .tracker(.stalled(content, missing: 3, fingerprint: 4)),
    .download(.ack(content, piece: 1, run: 1, request: RequestNumber(2))),
    .download(.nack(content, piece: 1, request: RequestNumber(2), .notHeld)),
    .upload(.request(content, piece: 1, run: 1, request: RequestNumber(2), offer: 0)),
    .overlay(.query(content, QueryID(origin: .first, sequence: 1), timeToLive: 2, by: .content)),
]

func roundTrips(_ buffer: inout [UInt8]) -> Bool {
    var round = 0
    while round < 1000 {
        round += 1
        // By index: in a debug build an iterator over an array asks the heap for itself.
        var place = 0
        while place < messages.count {
            let message = messages[place]
            place += 1
            var elements = buffer.mutableSpan
            var bytes = unsafe elements.mutableBytes
            message.head.encode(into: &bytes)
            do throws(WireError) {
                let read = try Message(
                    parsing: unsafe buffer.span.extracting(0..<Head.byteCount).bytes,
                    tag: message.tag)
                guard read == message else { return false }
            } catch { return false }
        }
    }
    return true
}

var buffer = [UInt8](repeating: 0, count: Head.messageMax)
var isRight = roundTrips(&buffer)
heap_count_start()
isRight = roundTrips(&buffer) && isRight
let steady = heap_count_stop()
heap_count_start()
var grown: [UInt8] = []
for byte in 0..<100 { grown.append(UInt8(byte)) }
let counted = heap_count_stop()
print(isRight, steady, counted > 0 && grown.count == 100)
