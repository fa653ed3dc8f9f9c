import HeapCount
import Swarm
import Vocabulary
import Wire

// Takes each machine through the same steps again and again, and prints what a thousand rounds ask
// of the heap when its tables have grown to their size; then does something that must ask, so that
// a probe that counts nothing shows.

private let warmUp = 2000
private let rounds = 1000

private func steady(_ body: () -> Bool) -> String {
    var isRight = true
    var round = 0
    while round < warmUp {
        isRight = body() && isRight
        round += 1
    }
    heap_count_start()
    round = 0
    while round < rounds {
        isRight = body() && isRight
        round += 1
    }
    let count = heap_count_stop()
    return "\(isRight) \(count)"
}

var downloader = ProbedDownloader(pieceCount: warmUp + rounds + 10)
print("downloader", steady { downloader.getPiece() })
var uploader = ProbedUploader()
print("uploader", steady { uploader.servePiece() })
var tracker = ProbedTracker(peerCount: 50)
print("tracker", steady { tracker.hearFromAll() })
heap_count_start()
var grown: [UInt8] = []
for byte in 0..<100 { grown.append(UInt8(byte)) }
let counted = heap_count_stop()
print("probe", counted > 0 && grown.count == 100)
