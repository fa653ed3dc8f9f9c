import Content
import Storage

/// Why a choking swarm cannot begin, or its logs cannot be checked: one line.
enum ChokingError: Error {
    case unreadable(String, StorageError)
    case malformed(String, ChokingInputError)
    case noLogs(String)
    case twoLogs(PeerID, String, String)
    case tooManyFolders(String)
    case noConfig(String)
    case noSentences(String, Int)
    case otherRankCount(String, peers: Int, trackers: Int, ranks: Int)

    var sentence: String {
        switch self {
        case .unreadable(let path, let error): "\(path): cannot be read: \(error.reason)"
        case .malformed(let path, let error):
            path + (error.line.map { ":\($0)" } ?? "") + ": \(error.flaw.sentence)"
        case .noLogs(let path): "\(path): holds no log_peer_<id>.log"
        case .twoLogs(let peer, let one, let other):
            "\(other): a second log of peer \(peer), beside \(one): name one folder of them"
        case .tooManyFolders(let path): "\(path): has too many sub-folders to look for logs in"
        case .noConfig(let path): "\(path): holds neither Common.cfg nor PeerInfo.cfg"
        case .noSentences(let path, let count):
            "\(path): no line of \(count) logs is a sentence of a choking swarm, as in "
                + "'[time]: Peer 1001 is unchoked by 1002.'"
        case .otherRankCount(let path, let peers, let trackers, let ranks):
            "\(path): lists \(peers) peers, so start mpirun -np \(peers + trackers), not \(ranks)"
        }
    }
}
