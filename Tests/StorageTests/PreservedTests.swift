import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// False on a file system without extended attributes.
private let keepsAttributes: Bool = {
    do {
        let scratch = try Scratch()
        try scratch.put("", "f")
        let file = try OpenFile(opening: scratch.path("f"), flags: O_RDONLY)
        let raw = file.raw
        return unsafe clinux_set_attribute(raw, "user.x", "", 0) == 0
    } catch { return false }
}()

/// Owners and attributes, from a source's listing to a copy.
@Suite(.enabled(if: keepsAttributes)) struct PreservedTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func set(_ name: String, _ value: [UInt8], of path: String) throws {
        let file = try OpenFile(opening: scratch.path(path), flags: O_RDONLY)
        let raw = file.raw
        try posix("fsetxattr", path) {
            unsafe clinux_set_attribute(raw, name, value, value.count)
        }
    }

    private func attributes(of path: String) throws -> [String: [UInt8]] {
        let file = try OpenFile(opening: scratch.path(path), flags: O_RDONLY)
        let found = try file.attributes(path: path)
        return Dictionary(
            uniqueKeysWithValues: found.map { (String(decoding: $0.name, as: UTF8.self), $0.value) }
        )
    }

    private func status(_ path: String) throws -> stat {
        var found = stat()
        try posix("lstat", path) { unsafe lstat(scratch.path(path), &found) }
        return found
    }

    private func manifest(_ preserves: Bool = true) throws -> TreeManifest {
        let listing = try TreeListing(
            of: scratch.path("t"), as: RelativePath("t"), preserves: preserves)
        return try TreeManifest(
            entries: listing.entries, pieceLength: ByteCount(4096), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 0))
    }

    /// Receives the contents of `t` as `base/t`.
    private func receive(_ manifest: TreeManifest, preserves: Bool = true) throws {
        let area = try PartArea(
            manifest, fingerprint: manifest.fingerprint, base: scratch.path("base"),
            PartOptions(preserves: preserves))
        let source = try TreeSource(
            manifest, at: [SourceSite(name: RelativePath("t"), path: scratch.path("t"))])
        for position in 0..<area.geometry.pieceCount where !area.holds(PieceIndex(position)) {
            let piece = PieceIndex(position)
            let buffer = PieceBuffer(byteCount: area.geometry.size(of: piece))
            try unsafe source.read(piece, into: buffer.memory)
            try buffer.withBytes { bytes throws(StorageError) in
                let digest = PieceDigest(Digester.digest(of: bytes, .xxh3))
                try area.write(bytes, as: piece, digest: digest!)
            }
        }
        try area.finish()
    }

    /// An access list: one other user may read the file, and so may its group.
    private static let accessList: [UInt8] =
        [2, 0, 0, 0]
        + [1, 0, 6, 0, 255, 255, 255, 255] + [2, 0, 4, 0, 210, 4, 0, 0]
        + [4, 0, 4, 0, 255, 255, 255, 255] + [16, 0, 4, 0, 255, 255, 255, 255]
        + [32, 0, 0, 0, 255, 255, 255, 255]

    private static let capability: [UInt8] =
        [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12)

    private func makeTree() throws {
        try scratch.folder("t/d")
        try scratch.put([UInt8](repeating: 7, count: 10_000), "t/long")
        try scratch.put("12", "t/short")
        try scratch.put("", "t/d/none")
        try scratch.link("t/link", to: "short")
        try set("user.mood", [0, 1, 255], of: "t")
        try set("user.empty", [], of: "t/d")
        try set("user.a", Array("1".utf8), of: "t/long")
        try set("user.b", Array("2".utf8), of: "t/long")
        try set("user.c", [UInt8](repeating: 9, count: 1000), of: "t/short")
    }

    private static let isRoot = geteuid() == 0

    @Test func attributesAreListedOnRequest() throws {
        try makeTree()
        let entries = try manifest().entries
        #expect(
            entries.map { $0.preserved?.attributes.count } == [1, 1, 0, 0, 2, 1])
        #expect(entries.allSatisfy { $0.preserved?.owner == geteuid() })
        #expect(try manifest(false).entries.allSatisfy { $0.preserved == nil })
    }

    @Test func attributesArrive() throws {
        try makeTree()
        let isRoot = Self.isRoot
        if isRoot {
            #expect(unsafe chown(scratch.path("t/short"), 1234, 567) == 0)
            #expect(unsafe chown(scratch.path("t/long"), 1234, 567) == 0)
            #expect(unsafe chown(scratch.path("t/d"), 1, 2) == 0)
            #expect(unsafe lchown(scratch.path("t/link"), 3, 4) == 0)
            try set("security.capability", Self.capability, of: "t/long")
        }
        #expect(unsafe chmod(scratch.path("t/short"), 0o6755) == 0)
        let manifest = try manifest()
        try receive(manifest)
        for entry in manifest.entries {
            let path = entry.path.description
            let found = try status("base/\(path)")
            #expect(found.st_uid == entry.preserved?.owner, "\(path)")
            #expect(found.st_gid == entry.preserved?.group, "\(path)")
            #expect(UInt16(found.st_mode & 0o7777) == entry.mode, "\(path)")
            #expect(entry.modified.isKept(as: found), "\(path)")
            if case .link = entry.body { continue }
            #expect(try attributes(of: "base/\(path)") == attributes(of: path), "\(path)")
        }
        #expect(try attributes(of: "base/t/long").count == (isRoot ? 3 : 2))
        #expect(try status("base/t/short").st_mode & 0o7777 == 0o6755)
    }

    @Test func withoutPreserveNothingIsSet() throws {
        try makeTree()
        try receive(try manifest(), preserves: false)
        #expect(try attributes(of: "base/t/long").isEmpty)
    }

    @Test func attributesOfExistingFilesAreRepaired() throws {
        try makeTree()
        try receive(try manifest())
        try set("user.more", [], of: "base/t/long")
        try set("user.a", [], of: "base/t/long")
        try set("user.mood", [5], of: "base/t")
        if Self.isRoot { #expect(unsafe chown(scratch.path("base/t/short"), 9, 9) == 0) }
        try receive(try manifest())
        #expect(try attributes(of: "base/t/long") == attributes(of: "t/long"))
        #expect(try attributes(of: "base/t") == attributes(of: "t"))
        #expect(try status("base/t/short").st_uid == geteuid())
    }

    @Test func accessListsArriveAndGo() throws {
        try makeTree()
        do throws(StorageError) {
            try setAccess(of: "t/short")
        } catch .system(_, _, EOPNOTSUPP) { return }
        try receive(try manifest())
        #expect(
            try attributes(of: "base/t/short")["system.posix_acl_access"] == Self.accessList)
        #expect(try status("base/t/short").st_mode & 0o777 == 0o640)
        try receive(try manifest())
        try removeAccess(of: "t/short")
        try receive(try manifest())
        #expect(try attributes(of: "base/t/short").keys.sorted() == ["user.c"])
    }

    /// On some file systems not even root may set an owner; the group is still tried.
    @Test(arguments: [EPERM, EINVAL]) func anOwnerThatStaysIsNoFailure(code: Int32) throws {
        var asked: [uid_t] = []
        let preserved = Preserved(owner: 5, group: 6)
        let isOwned = try preserved.own(path: "f") { owner, _ in
            asked.append(owner)
            errno = code
            return -1
        }
        #expect(!isOwned && asked == [5, .max])
        #expect(throws: StorageError.system(call: "fchown", path: "f", errno: EIO)) {
            _ = try preserved.own(path: "f") { _, _ in
                errno = EIO
                return -1
            }
        }
    }

    private func setAccess(of path: String) throws(StorageError) {
        let file = try OpenFile(opening: scratch.path(path), flags: O_RDONLY)
        let raw = file.raw
        let value = Self.accessList
        try posix("fsetxattr", path) {
            unsafe clinux_set_attribute(raw, "system.posix_acl_access", value, value.count)
        }
    }

    private func removeAccess(of path: String) throws {
        let file = try OpenFile(opening: scratch.path(path), flags: O_RDONLY)
        let raw = file.raw
        try posix("fremovexattr", path) {
            unsafe clinux_remove_attribute(raw, "system.posix_acl_access")
        }
    }
}
