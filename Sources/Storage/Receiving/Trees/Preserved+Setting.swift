import Content
import Glibc

extension Preserved {
    init(_ status: stat, _ attributes: [Attribute]) {
        self.init(owner: status.st_uid, group: status.st_gid, attributes: attributes)
    }

    /// Whether a file has this owner and these attributes, as far as its file system and this user
    /// allow.
    func isKept(
        by file: borrowing OpenFile, _ status: stat, path: String
    ) throws(StorageError) -> Bool {
        guard status.st_uid == owner, status.st_gid == group else { return false }
        return try file.attributes(path: path) == attributes
    }

    /// `change` is one of the calls that set an owner and a group. Users may change only the group,
    /// to one of their own. Even root may not change the owner if the file system belongs to
    /// another machine, or maps user numbers. Returns false if the owner stays.
    func own(
        path: String, _ change: (_ owner: uid_t, _ group: gid_t) -> Int32
    ) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try posix("fchown", path) { change(owner, group) }
            return true
        } catch .system(_, _, let code) where [EPERM, EINVAL, ENOTSUP].contains(code) {
            // All ones means that the owner stays. The system may refuse this as well.
            _ = change(.max, group)
            return false
        }
    }
}
