import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

extension SampleTree {
    /// Expects every entry in its place under `base`, where the top name may differ.
    func expectInPlace(in base: String, rename: String? = nil) throws {
        var originals: [String: FileIdentity] = [:]
        for entry in entries {
            let path = Self.place(entry.path, in: base, rename: rename)
            var found = stat()
            #expect(unsafe lstat(path, &found) == 0, "\(path) is missing")
            let kind = found.st_mode & S_IFMT
            var mode = entry.mode
            switch entry.body {
            case .folder: #expect(kind == S_IFDIR)
            case .file(let length, _):
                #expect(kind == S_IFREG && Int64(found.st_size) == length, "\(path)")
                originals[entry.path.description] = FileIdentity(found)
                let whole = try readWhole(path: path) == bytes[entry.path.description]
                #expect(whole, "\(path) holds something else")
            case .link(let target):
                #expect(kind == S_IFLNK && Self.target(of: path) == target, "\(path)")
                mode = 0o777
            case .sameFile(let other):
                #expect(originals[other.description] == FileIdentity(found), "\(path)")
                continue
            }
            #expect(UInt16(found.st_mode & 0o7777) == mode, "\(path)")
            #expect(entry.modified.isKept(as: found), "\(path) has another date")
        }
    }

    static func place(_ path: RelativePath, in base: String, rename: String?) -> String {
        guard let rename else { return "\(base)/\(path)" }
        let below = path.utf8.drop { $0 != UInt8(ascii: "/") }
        return "\(base)/\(rename)\(String(decoding: below, as: UTF8.self))"
    }

    static func target(of path: String) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 5000)
        let count = unsafe readlink(path, &buffer, buffer.count)
        return buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }
    }

    /// Puts a file in place as if it had come with an earlier job.
    func put(
        _ path: String, as name: String? = nil, in base: String, changing place: Int? = nil
    ) throws {
        var content = bytes[path]!
        if let place { content[place] ^= 0xFF }
        let full = "\(base)/\(name ?? path)"
        try writeWhole(content, path: full)
        let times = Self.date.setting
        #expect(unsafe utimensat(AT_FDCWD, full, times, 0) == 0)
    }

    func status(_ path: String) -> stat {
        var found = stat()
        #expect(unsafe lstat(path, &found) == 0, "\(path) is missing")
        return found
    }
}
