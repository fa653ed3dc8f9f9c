import Glibc

/// A file that has no name of its own yet. It gets one by `takeName`, or its caller keeps the
/// temporary name by `keepName`, or it is removed with this value: no path through the code leaves
/// it behind.
struct TemporaryFile: ~Copyable {
    private let folder: Int32
    private let name: String
    private let path: String
    /// Nil only at the very end.
    private var descriptor: OpenFile?
    private var isPending = true

    /// Names that a killed run or an enemy left are stepped over, up to this many.
    static let attemptsMax = 100

    /// What all temporary names of this host begin with: a process of another host may have the
    /// same number.
    static func beginning(_ prefix: String) -> String { ".\(prefix).\(host)." }

    private static let host = String(hostName.map { $0 == "." || $0 == "/" ? "_" : $0 })

    /// `folder` must stay open for as long as this lives. The first name tried has `first` in it.
    init(
        in folder: borrowing OpenFile, path: String, prefix: String, from first: Int
    ) throws(StorageError) {
        for number in first..<first + Self.attemptsMax {
            let name = "\(Self.beginning(prefix))\(getpid()).\(number).part"
            do throws(StorageError) {
                descriptor = try OpenFile(
                    creating: name, in: folder, path: "\(path)/\(name)")
            } catch .system(_, _, EEXIST) {
                continue
            }
            self.folder = folder.raw
            self.name = name
            self.path = "\(path)/\(name)"
            return
        }
        throw .noFreeName(path: path)
    }

    /// The process of this host that made the file; nil if the file is another host's, or not a
    /// temporary file with the prefix.
    static func process(of name: [UInt8], prefix: String) -> pid_t? {
        let name = String(decoding: name, as: UTF8.self)
        let beginning = beginning(prefix)
        guard name.hasPrefix(beginning) else { return nil }
        let parts = name.dropFirst(beginning.count).split(
            separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "part", UInt32(parts[1]) != nil,
            let process = pid_t(parts[0]), process > 0
        else { return nil }
        return process
    }

    deinit {
        if isPending { unsafe unlinkat(folder, name, 0) }
    }

    borrowing func write(_ bytes: RawSpan) throws(StorageError) {
        try descriptor?.write(bytes, path: path)
    }

    /// Leaves the file where it is, closed, and says how it is called.
    consuming func keepName() throws(StorageError) -> String {
        let name = name
        try descriptor.take()?.close(path: path)
        isPending = false
        return name
    }

    /// Puts the file in the place of whatever had that name, if it may; a link itself, not what it
    /// points to.
    consuming func takeName(_ final: String, replacing: Bool = true) throws(StorageError) {
        let folder = folder
        let name = name
        try descriptor.take()?.close(path: path)
        if replacing {
            try posix("renameat", path) { unsafe renameat(folder, name, folder, final) }
        } else {
            try renameNew(
                folder, Array(name.utf8CString), folder, Array(final.utf8CString), path: path)
        }
        isPending = false
    }
}
