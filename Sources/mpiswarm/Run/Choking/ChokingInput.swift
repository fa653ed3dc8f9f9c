import Content
import Control
import Storage
import Vocabulary

/// The contents of `Common.cfg` and `PeerInfo.cfg` in a folder. Line *i* of the latter is peer *i*.
struct ChokingInput: Sendable {
    let terms: ChokingTerms
    let roster: ChokingRoster

    init(below directory: String) throws(ChokingError) {
        terms = try Self.read("\(directory)/Common.cfg") { bytes throws(ChokingInputError) in
            try ChokingTerms(parsing: bytes)
        }
        roster = try Self.read("\(directory)/PeerInfo.cfg") { bytes throws(ChokingInputError) in
            try ChokingRoster(parsing: bytes)
        }
    }

    func peer(at rank: Rank, trackerCount: Int) -> ChokingRoster.Peer {
        roster.peers[Int(rank.raw) - trackerCount]
    }

    func names(trackerCount: Int) -> RankNames {
        var names: [Rank: String] = [:]
        for (number, peer) in roster.peers.enumerated() {
            names[Rank(Int32(number + trackerCount))] = "peer \(peer.id)"
        }
        return RankNames(names)
    }

    private static func read<Value>(
        _ path: String, _ parse: ([UInt8]) throws(ChokingInputError) -> Value
    ) throws(ChokingError) -> Value {
        let bytes: [UInt8]
        do throws(StorageError) { bytes = try readWhole(path: path) } catch {
            throw .unreadable(path, error)
        }
        do throws(ChokingInputError) { return try parse(bytes) } catch {
            throw .malformed(path, error)
        }
    }
}
