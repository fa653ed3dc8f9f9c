import CLinux
import Content
import Glibc

extension OpenFile {
    /// The owner first, since a change of it takes capabilities away, as it does set-id bits.
    borrowing func preserve(
        _ preserved: Preserved, path: String
    ) throws(StorageError) -> Preserved.Outcome {
        let raw = raw
        var outcome = Preserved.Outcome()
        let status = try status(path: path)
        if status.st_uid != preserved.owner || status.st_gid != preserved.group {
            outcome.isOwned = try preserved.own(path: path) { fchown(raw, $0, $1) }
        }
        let found = try attributes(path: path)
        guard found != preserved.attributes else { return outcome }
        // An access list may have come from the folder above.
        for old in found where !preserved.attributes.contains(where: { $0.name == old.name }) {
            let name = Self.text(old.name)
            let isGone = try permitted("fremovexattr", path) {
                unsafe clinux_remove_attribute(raw, name)
            }
            if !isGone { outcome.hasAttributes = false }
        }
        for attribute in preserved.attributes where !found.contains(attribute) {
            let name = Self.text(attribute.name)
            let value = attribute.value
            let isSet = try permitted("fsetxattr", path) {
                unsafe clinux_set_attribute(raw, name, value, value.count)
            }
            if !isSet { outcome.hasAttributes = false }
        }
        return outcome
    }

    /// The attributes that are kept, in the order of their names.
    borrowing func attributes(path: String) throws(StorageError) -> [Preserved.Attribute] {
        let raw = raw
        let names = try unsafe Self.read("flistxattr", path) {
            unsafe clinux_attribute_names(raw, $0, $1)
        }
        var attributes: [Preserved.Attribute] = []
        for name in (names ?? []).split(separator: 0) where Preserved.Attribute.isKept(name) {
            let text = Self.text(name)
            let value = try unsafe Self.read("fgetxattr", path) {
                unsafe clinux_attribute(raw, text, $0, $1)
            }
            guard let value else { continue }
            attributes.append(Preserved.Attribute(name: Array(name), value: value))
        }
        return attributes.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func text(_ name: some Collection<UInt8>) -> [CChar] {
        name.map { CChar(bitPattern: $0) } + [0]
    }

    /// The bytes that `call` writes into memory; without memory it returns their number. Nil if the
    /// attribute does not exist, is unknown to the file system, or may not be read.
    private static func read(
        _ call: String, _ path: String,
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
    private borrowing func permitted(
        _ call: String, _ path: String, _ body: () -> Int32
    ) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try posix(call, path, body)
            return true
        } catch .system(_, _, let code) where Self.isNotForUs(code) {
            return false
        }
    }

    private static func isNotForUs(_ code: Int32) -> Bool {
        [EPERM, EACCES, ENOTSUP, ENODATA].contains(code)
    }
}
