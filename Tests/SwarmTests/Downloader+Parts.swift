import Vocabulary
import Wire

@testable import Swarm

extension Downloader {
    var transfers: [Transfer] { Array(fetching.transfers.rows) }
    var requests: [RequestRow] { Array(fetching.exchange.requests.rows) }
    var bids: [Bid] { fetching.exchange.bids.rows }
    var badPieces: [Rank: Int] { fetching.exchange.badPieces }
    var learnt: [FileListEntry] { fetching.completion.learnt }
}

extension Transfer {
    var have: PieceSet { board.have }
    var queued: PieceSet { board.queued }
    var inFlightCount: Int { board.inFlightCount }
    var missingFingerprint: UInt64 { board.missingFingerprint }
}
