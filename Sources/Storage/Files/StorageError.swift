import Glibc
package import Vocabulary

/// A failure of storage.
package enum StorageError: Error, Equatable, Sendable {
    case system(call: String, path: String, errno: Int32)
    /// A folder, a pipe or a device where a file of bytes is expected.
    case notAFile(path: String)
    case tooLong(path: String, byteCountMax: Int)
    /// As many temporary names as are tried were taken.
    case noFreeName(path: String)
    /// Something on disk whose name no metainfo may hold. The folder that it lies in, and itself.
    case badName(String, in: String, PathError)
    /// A file that is no longer what was listed.
    case changed(path: String)
    /// A file that is not as long as it is said to be.
    case otherLength(path: String, byteCount: Int64, expected: Int64)
    /// Two sources that would have the same name where they arrive.
    case sameName(path: String, otherPath: String)
    /// Links that lead from a folder to itself, or to one above it.
    case endless(path: String)
    /// Links lead to the same folders again and again: more than that number of entries were met
    /// twice.
    case visited(path: String, countMax: Int)
    /// Links lead to the same folders again and again: that number of entries was met once more.
    case repeated(path: String, countMax: Int)
    /// Links lead into one another, and make a tree of more levels than that.
    case tooDeep(path: String, depthMax: Int)
    /// Others need that part of the free room at that path.
    case noRoom(path: String, needed: Int64, others: Int64, available: Int64)
    /// It belongs to another user, or others may write to it.
    case foreign(path: String)
    /// It has files of others, or is the cache of another version.
    case notACache(path: String)
    /// A file of the job was altered by another process, again and again.
    case altered(path: String)
    /// A file of the same length and other bytes has the name of one that was to arrive.
    case different(path: String)
    /// The destination of the job has another name by now, or none.
    case displaced(path: String)
    /// The fetched file has other digests than the user gave.
    case notAsDescribed(path: String)
    case badArchive(path: String, ArchiveFlaw)
    case badExecutable(path: String, ExecutableFlaw)

    /// The same for machines, which distinguish fewer failures.
    package var failure: StoreError {
        switch self {
        case .system(_, _, let code):
            switch code {
            case ENOSPC, EDQUOT: .noSpace
            case EACCES, EPERM, EROFS: .notPermitted(errno: code)
            default: .failing(errno: code)
            }
        case .notAFile: .failing(errno: EISDIR)
        case .notACache: .failing(errno: ENOTEMPTY)
        case .tooLong: .failing(errno: EFBIG)
        case .noFreeName, .sameName, .different: .failing(errno: EEXIST)
        case .changed, .otherLength, .notAsDescribed, .altered, .displaced:
            .failing(errno: ESTALE)
        case .foreign: .notPermitted(errno: EACCES)
        case .endless, .visited, .repeated, .tooDeep: .failing(errno: ELOOP)
        case .badArchive(_, .tooLarge), .noRoom: .noSpace
        case .badName, .badArchive, .badExecutable: .failing(errno: EINVAL)
        }
    }

    /// The reason why an archive is not unpacked. Names are those in the archive.
    package enum ArchiveFlaw: Equatable, Sendable {
        /// No format that is read.
        case unknown
        /// The words of the library, and the entry that it was reading.
        case unreadable(String, in: String?)
        case badName(String, PathError)
        /// The entry of that number has no name that can be read.
        case nameless(Int)
        /// It lies in an entry that is not a folder.
        case misplaced(String)
        /// It is there as a folder, and as another kind of entry.
        case contradictory(String)
        /// A link without a usable target, or another name of an entry that does not come before.
        case badLink(String, to: String)
        case encrypted(String)
        /// Lengths, dates or numbers that no file system has.
        case impossible
        case tooManyEntries(countMax: Int)
        /// It does not fit into the room at that place, of which so much was free at last.
        case tooLarge(place: String, unpacked: Int64, available: Int64)
    }

    /// The reason why the libraries of an executable are not found.
    package enum ExecutableFlaw: Equatable, Sendable {
        /// No executable or library in the format ELF.
        case noExecutable
        /// A script, and its interpreter.
        case script(String)
        /// It is for another kind of processor.
        case otherMachine(String, own: String)
        /// Its headers or its dynamic section make no sense.
        case damaged
        /// A library that no searched folder has, and the file that needs it.
        case notFound(String, by: String)
        case tooManyLibraries(countMax: Int)
        /// The user names a part of the C library, or a driver.
        case belongsToNode
    }
}
