import Content
import Glibc

/// The state of all files of a source, as far as anything but their bytes shows it: their devices,
/// numbers, lengths, and the times at which their bytes and their entries were last changed. As
/// long as it stays the same, their bytes do.
///
/// Invariant: every file had been left alone for longer than the clock of its file system ticks, so
/// that a change after the stamp was taken shows in a later one.
package struct SourceStamp: Equatable, Sendable {
    let digest: Digest128

    /// Nil for zeros, which stand for no stamp.
    init?(noted digest: Digest128) {
        guard digest.high != 0 || digest.low != 0 else { return nil }
        self.digest = digest
    }

    /// Nil where the source has no such state, such as an archive, where it is not what was listed,
    /// and where a file was changed too short a time ago.
    init?(of source: TreeSource, now: timespec) throws(StorageError) {
        var bytes: [UInt8] = []
        for entry in source.manifest.entries {
            guard case .file = entry.body else { continue }
            guard let status = try source.status(of: entry) else { return nil }
            for time in [status.st_mtim, status.st_ctim] {
                guard Self.isPast(time, now) else { return nil }
            }
            let words: [UInt64] =
                [
                    UInt64(status.st_dev), UInt64(status.st_ino),
                    UInt64(truncatingIfNeeded: status.st_size),
                ]
                + [status.st_mtim, status.st_ctim].flatMap {
                    [
                        UInt64(truncatingIfNeeded: $0.tv_sec),
                        UInt64(truncatingIfNeeded: $0.tv_nsec),
                    ]
                }
            for word in words {
                unsafe withUnsafeBytes(of: word.littleEndian) {
                    unsafe bytes.append(contentsOf: $0)
                }
            }
        }
        self.init(noted: unsafe XXH3.digest(of: bytes.span.bytes))
    }

    /// Kernels count time in steps of up to 10 ms; some file systems keep seconds only, and count
    /// them on another machine.
    private static func isPast(_ time: timespec, _ now: timespec) -> Bool {
        let age =
            Double(now.tv_sec - time.tv_sec) + Double(now.tv_nsec - time.tv_nsec) / 1_000_000_000
        return age >= (time.tv_nsec == 0 ? wholeSecondsAge : tickAge)
    }

    private static let tickAge = 0.1
    private static let wholeSecondsAge = 2.0
}
