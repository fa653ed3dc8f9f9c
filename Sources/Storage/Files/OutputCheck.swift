import Glibc
import Vocabulary

/// Whether `writeWhole` will be able to write a file: asked before a job, so that its result is not
/// lost at its end. Its folder has to exist, since one that does not is mostly a typing mistake,
/// unless it is one that the job makes.
package func checkOutput(path: String, isMadeByJob: Bool) throws(StorageError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        throw .notAFile(path: path)
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
    let last = parts.last.map(String.init) ?? ""
    do throws(PathError) { _ = try RelativePath(last) } catch {
        throw .badName(last, in: folder, error)
    }
    try checkOutputs(in: folder, missingMax: isMadeByJob ? depthMax : 0)
}

/// More folders than a path has.
private let depthMax = 4096

/// Whether files can be made in a folder; up to `missingMax` of its last folders may be missing.
package func checkOutputs(in folder: String, missingMax: Int) throws(StorageError) {
    do throws(StorageError) {
        _ = try OpenFile(opening: folder, flags: O_RDONLY | O_DIRECTORY)
    } catch .system(_, _, ENOENT) where missingMax > 0 {
        let above = folder.split(separator: "/").dropLast().joined(separator: "/")
        let start = folder.hasPrefix("/") ? "/" : "./"
        return try checkOutputs(in: start + above, missingMax: missingMax - 1)
    }
    // Access rights alone do not say whether one may write: a file is made, and removed again.
    _ = try OutputFolder(path: folder, prefix: "mpiswarm-check")
}
