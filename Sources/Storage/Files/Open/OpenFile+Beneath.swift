import CLinux
import Glibc
import Vocabulary

extension OpenFile {
    /// Opens what lies beneath `folder`, for reading unless the flags say otherwise, through no
    /// link at all. Nothing waits for the other end of a pipe. What is made gets the rights `mode`.
    ///
    /// `usingWalk` takes the way of a kernel before 5.6, which has no `openat2`.
    init(
        beneath folder: borrowing OpenFile, _ name: RelativePath, path: String,
        flags: Int32 = 0, mode: mode_t = 0, usingWalk: Bool = false
    ) throws(StorageError) {
        let all = flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW
        let below = folder.raw
        let text = name.systemName
        if !usingWalk {
            do throws(StorageError) {
                self.init(
                    raw: try posix("openat2", path) {
                        unsafe clinux_open_beneath(below, text, all, mode)
                    })
                return
            } catch .system(_, _, ENOSYS) {
                // Walked below.
            }
        }
        self = try Self.walk(to: name, from: folder, path: path, flags: all, mode: mode)
    }

    /// One component at a time: none of them climbs, and none is followed where it is a link.
    private static func walk(
        to name: RelativePath, from folder: borrowing OpenFile, path: String, flags: Int32,
        mode: mode_t
    ) throws(StorageError) -> OpenFile {
        let components = name.utf8.split(separator: UInt8(ascii: "/"))
        var current: OpenFile?
        for (index, component) in components.enumerated() {
            let isLast = index == components.count - 1
            let below = current?.raw ?? folder.raw
            let how = isLast ? flags : O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
            let text = RelativePath.systemName(component)
            let raw = try posix("openat", path) { unsafe openat(below, text, how, mode) }
            current = OpenFile(raw: raw)
        }
        guard let last = current.take() else { preconditionFailure("a path has a component") }
        return last
    }
}
