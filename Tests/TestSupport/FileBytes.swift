import CLinux
import Glibc

/// Whole files in memory, as tests like them: a file that cannot be read is an empty one.
package enum FileBytes {
    package static func read(path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return read(descriptor: descriptor)
    }

    package static func remove(path: String) { _ = unsafe unlink(path) }

    package static func rename(path: String, to other: String) {
        _ = unsafe Glibc.rename(path, other)
    }

    /// Changes a few bytes of a file that is there.
    package static func overwrite(path: String, at place: Int) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = unsafe pwrite(descriptor, "altered", 7, off_t(place))
    }

    /// How much room it takes, which holes do not. Nothing where there is no file.
    package static func allocated(path: String) -> Int {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return 0 }
        return Int(status.st_blocks) * 512
    }

    static func read(descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}
