import Control
import Storage
import Vocabulary

/// The sentence about a rank that cannot have its copy, as rank 0 prints it.
func sentence(_ error: PartError) -> String {
    switch error {
    case .storage(let error): sentence(error)
    case .exists(let path, let obstacle, let more):
        "\(harmless(path)) \(obstacle.words)" + (more == 0 ? "" : ", and \(more) more")
            + "; \(obstacle.advice)"
    case .noRoom(let disk, let needed, let available, let taken):
        "no space left on \(harmless(disk)): needs \(ByteCount(needed).words), "
            + "\(ByteCount(max(0, available)).words) free beside a reserve of "
            + ByteCount(DiskRoom.reserve).words
            + (taken == 0
                ? "" : ", of which \(ByteCount(taken).words) go to other copies on this host")
    case .busy(let path): "\(harmless(path)): another job is writing there"
    }
}

extension PartError.Obstacle {
    fileprivate var words: String {
        switch self {
        case .other: "is there and is different"
        case .folder: "is a folder, and SOURCE has a file there"
        case .noFolder: "is not a folder, and SOURCE has one there"
        case .special: "is there, and is neither a file nor a folder"
        case .own: "has the name of the folder for what has arrived"
        }
    }

    fileprivate var advice: String {
        switch self {
        case .other: "--force replaces what is there"
        case .folder, .noFolder, .special: "move it away, because it is never replaced"
        case .own: "rename it in SOURCE"
        }
    }
}

/// The warning about a copy in memory that will not fit there beside the pieces of `--memory`; nil
/// if it fits, or goes to a disk.
func memoryWarning(_ folder: String, needed: Int64, beside pieces: Int64) -> String? {
    guard needed > 0, MemoryDisk.holds(path: folder), let available = MemoryDisk.available() else {
        return nil
    }
    let (sum, isTooMuch) = needed.addingReportingOverflow(pieces)
    guard isTooMuch || sum > available else { return nil }
    return "\(harmless(folder)) is in memory: the copy needs \(ByteCount(needed).words) there "
        + "beside \(ByteCount(pieces).words) for pieces (--memory), and "
        + "\(ByteCount(available).words) are available"
}

/// The warning about entries that `--preserve` could not keep.
func sentence(_ lapse: PreservedLapse) -> String {
    "the owner or the attributes of \(harmless(lapse.path))"
        + (lapse.more == 0 ? "" : ", and of \(lapse.more) more,") + " could not be kept"
}

/// One line about an error and the path that it names, without a full stop.
func sentence(_ error: StorageError) -> String { sentence(error, error.path) }

extension StorageError {
    fileprivate var path: String {
        switch self {
        case .system(_, let path, _), .notAFile(let path), .tooLong(let path, _),
            .noFreeName(let path), .changed(let path), .endless(let path), .visited(let path, _),
            .repeated(let path, _),
            .tooDeep(let path, _),
            .otherLength(let path, _, _),
            .sameName(let path, _), .badName(_, let path, _),
            .noRoom(let path, _, _, _), .notAsDescribed(let path), .foreign(let path),
            .notACache(let path), .altered(let path), .different(let path), .displaced(let path),
            .badArchive(let path, _),
            .badExecutable(let path, _):
            path
        }
    }
}
