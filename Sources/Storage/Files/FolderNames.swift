import Glibc

/// The entries of a folder, in the order of the bytes of their names.
package func namesOfFiles(in path: String) throws(StorageError) -> [String] {
    let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
    return try folder.names(path: path).map { String(decoding: $0, as: UTF8.self) }
}
