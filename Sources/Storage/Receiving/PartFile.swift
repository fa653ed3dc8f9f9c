/// An open file of a tree at a receiver, with the path for errors. It has many users, and is closed
/// when the last of them is done.
final class PartFile: Sendable {
    let file: OpenFile
    let path: String

    init(_ file: consuming OpenFile, path: String) {
        self.file = file
        self.path = path
    }

    var stamp: FileStamp {
        get throws(StorageError) { FileStamp(try file.status(path: path)) }
    }

    func hearErrors() throws(StorageError) { try file.hearErrors(path: path) }
}
