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
    /// A file of the job was altered by another process, again and again.
    case altered(path: String)
    /// The destination of the job has another name by now, or none.
    case displaced(path: String)
    /// The fetched file has other digests than the user gave.
    case notAsDescribed(path: String)

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
        case .tooLong: .failing(errno: EFBIG)
        case .noFreeName, .sameName: .failing(errno: EEXIST)
        case .changed, .otherLength, .notAsDescribed, .altered, .displaced:
            .failing(errno: ESTALE)
        case .foreign: .notPermitted(errno: EACCES)
        case .endless, .visited, .repeated, .tooDeep: .failing(errno: ELOOP)
        case .badName: .failing(errno: EINVAL)
        case .noRoom: .noSpace
        }
    }
}
