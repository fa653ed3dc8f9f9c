import Storage
import Swarm

/// The reason why the trackers of a command line cannot be set up, with its sentence.
enum SuperPeerError: Error {
    case noPeers(trackers: Int, ranks: Int)
    case tooMany(trackers: Int, ranks: Int)
    case wrongLength(named: Int, peers: Int)
    case noTracker(Int, trackers: Int)
    case bothGroupings
    case unreadable(String, StorageError)
    case malformed(String, TopologyError)

    var sentence: String {
        switch self {
        case .noPeers(let trackers, let ranks):
            "--trackers \(trackers) leaves no peer: the job has \(ranks) ranks"
        case .tooMany(let trackers, let ranks):
            "--trackers \(trackers) is more than the ranks of the job, which are \(ranks)"
        case .wrongLength(let named, let peers):
            "--super-peer names the trackers of \(named) peers, and the job has \(peers)"
        case .noTracker(let number, let trackers):
            "--super-peer names \(number), and the last tracker is \(trackers - 1)"
        case .bothGroupings: "--groups and --super-peer both say whose peers are whose"
        case .unreadable(let path, let error):
            "\(harmless(path)): cannot be read: \(error.reason)"
        case .malformed(let path, let error): harmless(path) + error.words
        }
    }
}

extension TopologyError {
    fileprivate var words: String {
        switch self {
        case .notAnEdge(let line): ":\(line): two trackers stand on a line, as in 0 1"
        case .unknownTracker(let line, let number):
            ":\(line): \(number) is no tracker"
        case .selfLoop(let line, let number): ":\(line): \(number) is its own neighbour"
        case .unreachable(let tracker): ": no way leads from tracker 0 to tracker \(tracker)"
        }
    }
}
