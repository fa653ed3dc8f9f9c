import CLinux
import Glibc

/// Gives a file a new name, unless something has that name. Some file systems cannot do both in
/// one step; there, what has the name is replaced.
func renameNew(
    _ from: Int32, _ oldName: [CChar], _ to: Int32, _ newName: [CChar], path: String
) throws(StorageError) {
    do throws(StorageError) {
        try posix("renameat2", path) { unsafe clinux_rename_new(from, oldName, to, newName) }
    } catch .system(_, _, let code) where code == EINVAL || code == ENOSYS {
        try posix("renameat", path) { unsafe renameat(from, oldName, to, newName) }
    }
}
