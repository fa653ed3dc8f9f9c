import CLinux
import Content
import Glibc

/// The extended attributes of an open file, by name. A view of its descriptor, for the time of one
/// call.
struct FileAttributes {
    private let raw: Int32
    private let path: String

    init(of raw: Int32, path: String) {
        self.raw = raw
        self.path = path
    }

    /// The attributes that are kept, in the order of their names.
    func kept() throws(StorageError) -> [Preserved.Attribute] {
        let names = try unsafe read("flistxattr") { unsafe clinux_attribute_names(raw, $0, $1) }
        var attributes: [Preserved.Attribute] = []
        for name in (names ?? []).split(separator: 0) where Preserved.Attribute.isKept(name) {
            let text = text(name)
            let value = try unsafe read("fgetxattr") { unsafe clinux_attribute(raw, text, $0, $1) }
            guard let value else { continue }
            attributes.append(Preserved.Attribute(name: Array(name), value: value))
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// False where the file system does not know the attribute, or this process may not remove it.
    func remove(_ name: [UInt8]) throws(StorageError) -> Bool {
        let text = text(name)
        return try permitted("fremovexattr") { unsafe clinux_remove_attribute(raw, text) }
    }

    /// False where the file system does not know the attribute, or this process may not set it.
    func set(_ attribute: Preserved.Attribute) throws(StorageError) -> Bool {
        let text = text(attribute.name)
        let value = attribute.value
        return try permitted("fsetxattr") {
            unsafe clinux_set_attribute(raw, text, value, value.count)
        }
    }

    private func text(_ name: some Collection<UInt8>) -> [CChar] {
        name.map { CChar(bitPattern: $0) } + [0]
    }

    /// The bytes that `call` writes into memory; without memory it returns their number. Nil if the
    /// attribute does not exist, is unknown to the file system, or may not be read.
    private func read(
        _ call: String,
        _ body: (_ memory: UnsafeMutablePointer<CChar>?, _ byteCount: Int) -> Int
    ) throws(StorageError) -> [UInt8]? {
        while true {
            do throws(StorageError) {
                let size = try posix(call, path) { body(nil, 0) }
                guard size > 0 else { return [] }
                var bytes = [CChar](repeating: 0, count: size)
                let count = try posix(call, path) {
                    unsafe bytes.withUnsafeMutableBufferPointer { memory in
                        unsafe body(memory.baseAddress, memory.count)
                    }
                }
                return bytes[..<count].map { UInt8(bitPattern: $0) }
            } catch .system(_, _, ERANGE) {
                // It has grown in between.
                continue
            } catch .system(_, _, let code) where isNotForUs(code) {
                return nil
            }
        }
    }

    /// False for what the file system does not know, and for what we may not do.
    private func permitted(
        _ call: String, _ body: () -> Int32
    ) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try posix(call, path, body)
            return true
        } catch .system(_, _, let code) where isNotForUs(code) {
            return false
        }
    }

    private func isNotForUs(_ code: Int32) -> Bool {
        [EPERM, EACCES, ENOTSUP, ENODATA].contains(code)
    }
}
