import CLinux
import Glibc
import Vocabulary

/// Puts `bytes` in the place of the file of that name, all of them or nothing. Refuses to replace
/// what is there and is no file, such as `/dev/stdout`, and, with EEXIST, what is there at all
/// unless `replacing`. Missing folders are created.
package func writeWhole(
    _ bytes: [UInt8], path: String, replacing: Bool = true
) throws(StorageError) {
    var status = stat()
    if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        throw .notAFile(path: path)
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count == 1 ? "." : parts.dropLast().joined(separator: "/") + "/"
    let last = parts.last.map(String.init) ?? ""
    let name: RelativePath
    do throws(PathError) { name = try RelativePath(last) } catch {
        throw .badName(last, in: folder, error)
    }
    let output = try OutputFolder(path: folder, prefix: "mpiswarm")
    try output.write(name, replacing: replacing) { file throws(StorageError) in
        try unsafe file.write(bytes.span.bytes)
    }
}
