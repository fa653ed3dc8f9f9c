import Content
import Control
import Glibc
import Storage
import Vocabulary

/// Why a peer of `run` cannot begin, and how that is said in one line.
enum RunInputError: Error {
    case unreadable(String, StorageError)
    case malformed(String, ClassicInputError)
    case unwritable(String, StorageError)
    case notAQuery(String, line: Int, peers: Range<Int>)
    case surplus(String, input: Int, peers: Int, trackers: Int)

    var sentence: String {
        switch self {
        case .unreadable(let path, .system(_, _, ELOOP)):
            "\(path): cannot be read: a link, and links are not followed"
        case .unreadable(let path, .changed):
            "\(path): changed while it was read"
        case .unreadable(let path, .otherLength(_, let found, let expected)):
            "\(path): has \(found) bytes, and FileSize is \(expected)"
        case .unreadable(let path, let error): "\(path): cannot be read: \(error.reason)"
        case .malformed(let path, let error): "\(path):\(error.line): \(error.flaw.sentence)"
        case .notAQuery(let path, let line, let peers):
            "\(path):\(line): a rank from \(peers.lowerBound) to \(peers.upperBound - 1) and a "
                + "name stand on a line"
        case .surplus(let directory, let input, let peers, let trackers):
            "\(directory): holds in\(input).txt, so start mpirun -np \(input + trackers), "
                + "not \(peers + trackers)"
        case .unwritable(let path, let error):
            "\(path): cannot be written to: \(error.reason)"
        }
    }
}

extension StorageError {
    var reason: String {
        switch self {
        case .system(_, _, let errno): unsafe String(cString: strerror(errno))
        case .notAFile: "it is not a file"
        case .tooLong(_, let most): "it is longer than \(most) bytes"
        case .noFreeName: "every temporary name is taken"
        case .endless: "links lead from here to the same folder, or to one above it"
        case .visited(_, let most): "links lead to this folder more than \(most) times"
        case .repeated(_, let most):
            "links lead to the same folders so often that more than \(most) entries come again"
        case .tooDeep(_, let most): "links make a tree of more than \(most) levels"
        case .otherLength(_, let found, let expected):
            "it has \(found) bytes and not \(expected)"
        case .changed: "it is no longer what it was when it was listed"
        case .sameName(_, let other): "it has the same name as \(harmless(other))"
        case .badName(let name, let folder, let flaw):
            "'\(harmless(name))' in \(harmless(folder)) is no name for others: \(flaw.words)"
        case .foreign:
            "it belongs to another user, or others may write to it: remove it, or choose another "
                + "place"
        case .different: "it is there and its bytes differ; --force replaces it"
        case .notACache: "it is no cache of this version of mpiswarm, and no new folder"
        case .altered: "something else writes to it, and did not stop"
        case .displaced:
            "it was renamed, removed or replaced while the job ran; what came may lie where it is "
                + "now"
        case .badArchive(_, let flaw): flaw.words
        case .badExecutable(_, let flaw): flaw.words
        case .notAsDescribed: "it is not what is described, and did not get its name"
        case .noRoom(_, let needed, let others, let available):
            "no space left: needs \(ByteCount(needed).words), \(ByteCount(available).words) free "
                + "beside a reserve of \(ByteCount(DiskRoom.reserve).words)"
                + (others == 0
                    ? "" : " and \(ByteCount(others).words) for what is being fetched already")
        }
    }
}
