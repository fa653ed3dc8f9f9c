import Glibc

/// What lies directly in a folder, in the order of the names' bytes.
package func namesOfFiles(in path: String) throws(StorageError) -> [String] {
    let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
    return try folder.names(path: path).map { String(decoding: $0, as: UTF8.self) }
}
