import Glibc

extension OpenFile {
    /// The entries of this folder, in the order of the bytes of their names, which need not be
    /// text. It can be called once: the descriptor has a position, which is not reset.
    borrowing func names(path: String) throws(StorageError) -> [[UInt8]] {
        let raw = raw
        // The stream closes the descriptor that it is given.
        let copy = try posix("dup", path) { fcntl(raw, F_DUPFD_CLOEXEC, 0) }
        guard let stream = unsafe fdopendir(copy) else {
            let code = errno
            Glibc.close(copy)
            throw .system(call: "fdopendir", path: path, errno: code)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let code = errno
                guard code == 0 else {
                    throw .system(call: "readdir", path: path, errno: code)
                }
                break
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { memory in
                unsafe Array(memory.prefix { $0 != 0 })
            }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) {
                names.append(name)
            }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
