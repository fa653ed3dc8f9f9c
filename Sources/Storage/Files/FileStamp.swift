import Glibc

/// The attributes of a file that cannot be restored after a change: its number, its length, and the
/// times at which its bytes and its entry were last changed. A change whose date was put back shows
/// in the last of these. They are mixed into 64 bits, which are never all zero.
struct FileStamp: Equatable, Sendable {
    let raw: UInt64

    init(_ status: stat) {
        var mixed = Self.seed
        Self.mix(UInt64(status.st_ino), into: &mixed)
        Self.mix(UInt64(truncatingIfNeeded: status.st_size), into: &mixed)
        for time in [status.st_mtim, status.st_ctim] {
            Self.mix(UInt64(truncatingIfNeeded: time.tv_sec), into: &mixed)
            Self.mix(UInt64(truncatingIfNeeded: time.tv_nsec), into: &mixed)
        }
        self.init(mixed: mixed)
    }

    /// Those of several files, in an order that is always the same; nil when one is not known.
    init?(of stamps: some Sequence<FileStamp?>) {
        var mixed = Self.seed
        for stamp in stamps {
            guard let stamp else { return nil }
            Self.mix(stamp.raw, into: &mixed)
        }
        self.init(mixed: mixed)
    }

    /// As it was noted; nil for zero.
    init?(raw: UInt64) {
        guard raw != 0 else { return nil }
        self.raw = raw
    }

    private init(mixed: UInt64) { raw = mixed == 0 ? 1 : mixed }

    private static let seed: UInt64 = 0x243F_6A88_85A3_08D3

    /// Each step can be undone, so that two inputs that differ in one word never mix to the same.
    private static func mix(_ word: UInt64, into mixed: inout UInt64) {
        mixed = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 32
    }
}
