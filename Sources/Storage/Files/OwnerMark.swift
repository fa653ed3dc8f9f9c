import Glibc

/// The owner and rights of files of this user on a file system. Files with another owner or other
/// rights were made by another user, or may still be written by one.
struct OwnerMark: Equatable, Sendable {
    let owner: uid_t
    /// Of group and others, to write: none, but where a file system keeps no rights.
    private let writers: mode_t

    private static let writersMask: mode_t = 0o022

    private init(_ status: stat) {
        owner = status.st_uid
        writers = status.st_mode & Self.writersMask
    }

    private init(ofUser owner: uid_t) {
        self.owner = owner
        writers = 0
    }

    /// The mark of a folder directly in `base`, if it is of this user. If it does not seem so, a
    /// folder made for this test shows the mark of this user: some file systems give everything to
    /// one user.
    init(
        of folder: borrowing OpenFile, named name: String, in base: borrowing OpenFile,
        path: String
    ) throws(StorageError) {
        self.init(ofUser: geteuid())
        let found = OwnerMark(try folder.status(path: path))
        guard found != self else { return }
        let below = base.raw
        let probe = "\(name).\(getpid())"
        guard try base.makeFolder(probe, path: path) else { throw .foreign(path: path) }
        defer { unsafe unlinkat(below, probe, AT_REMOVEDIR) }
        let own = OwnerMark(try OpenFile(folder: probe, in: base, path: path).status(path: path))
        guard own == found else { throw .foreign(path: path) }
        self = own
    }

    /// Refuses what is not ours, and a file that has another name as well.
    func demand(of file: borrowing OpenFile, path: String) throws(StorageError) {
        let status = try file.status(path: path)
        let kind = status.st_mode & S_IFMT
        let isAlone = kind == S_IFDIR || kind == S_IFREG && status.st_nlink == 1
        guard OwnerMark(status) == self, isAlone else { throw .foreign(path: path) }
    }

    /// Whether it is ours, or belongs to `others` by our own doing; with the rights of a file
    /// that grows, or with those that it gets in the end.
    func isOn(_ status: stat, orOwner other: uid_t?, orMode mode: mode_t?) -> Bool {
        guard status.st_uid == owner || status.st_uid == other else { return false }
        return status.st_mode & Self.writersMask == writers || status.st_mode & 0o7777 == mode
    }
}
