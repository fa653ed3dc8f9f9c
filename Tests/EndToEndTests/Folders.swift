import Glibc

/// Where things are, and where a test may write.
enum Folders {
    static var repository: String {
        let file = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return file.dropLast(3).joined(separator: "/")
    }

    struct NoFolder: Error {}

    static func makeTemporary() throws -> String {
        var template = Array("/tmp/mpiswarm-test-XXXXXX".utf8CString)
        let path = unsafe template.withUnsafeMutableBufferPointer { bytes -> String? in
            guard let base = bytes.baseAddress, unsafe mkdtemp(base) != nil else { return nil }
            return unsafe String(cString: base)
        }
        guard let path else { throw NoFolder() }
        return path
    }

    /// The files directly in it, and the folder.
    static func remove(_ path: String) {
        guard let folder = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { _ = unsafe unlink("\(path)/\(name)") }
        }
        unsafe closedir(folder)
        _ = unsafe rmdir(path)
    }
}
