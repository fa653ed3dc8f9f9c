import Control
import Storage
import Vocabulary

/// Why a rank cannot have its copy, in the words that rank 0 prints.
func sentence(_ error: PartError, isForced: Bool) -> String {
    switch error {
    case .storage(let error): sentence(error)
    case .exists(let path, let more):
        "\(harmless(path)) is there and is different"
            + (more == 0 ? "" : ", and \(more) more")
            + (isForced
                ? ", and only files and links are replaced" : "; --force replaces what is there")
    case .noRoom(let disk, let needed, let available, let taken):
        "no space left on \(harmless(disk)): needs \(ByteCount(needed).words), "
            + "\(ByteCount(max(0, available)).words) free beside a reserve of "
            + ByteCount(DiskRoom.reserve).words
            + (taken == 0
                ? "" : ", of which \(ByteCount(taken).words) go to other copies on this host")
    case .busy(let path): "\(harmless(path)): another job is writing there"
    }
}

/// The warning about entries that `--preserve` could not keep.
func sentence(_ lapse: PreservedLapse) -> String {
    "the owner or the attributes of \(harmless(lapse.path))"
        + (lapse.more == 0 ? "" : ", and of \(lapse.more) more,") + " could not be kept"
}

/// One line about whatever it is that the error names, without its full stop.
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
            .altered(let path), .displaced(let path):
            path
        }
    }
}
