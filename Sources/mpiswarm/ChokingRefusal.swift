import Content
import Storage

/// Why a choking swarm cannot begin, and how that is said in one line.
enum ChokingRefusal: Error {
    case unreadable(String, StorageError)
    case malformed(String, ChokingInputError)
    case noLogs(String)
    case otherRankCount(String, peers: Int, trackers: Int, ranks: Int)

    var sentence: String {
        switch self {
        case .unreadable(let path, let error): "\(path): cannot be read: \(error.reason)"
        case .malformed(let path, let error):
            path + (error.line.map { ":\($0)" } ?? "") + ": \(error.flaw.sentence)"
        case .noLogs(let path): "\(path): holds no log_peer_<id>.log"
        case .otherRankCount(let path, let peers, let trackers, let ranks):
            "\(path): lists \(peers) peers, so start mpirun -np \(peers + trackers), not \(ranks)"
        }
    }
}
