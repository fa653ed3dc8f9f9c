import Glibc
import Testing

@testable import Storage

/// The ways in which another process may alter a growing file.
enum Alteration: String, CaseIterable, Sendable {
    case bytes, bytesAndDate, truncatedAndBack, shortened, extended, replaced, gap, removed
    case named, opened, folder, link

    /// Changes a file in a folder.
    func apply(to name: String, in scratch: Scratch) throws {
        let path = scratch.path(name)
        let before = SampleTree().status(path)
        let whole = try readWhole(path: path)
        let length = off_t(before.st_size)
        #expect(unsafe chmod(path, 0o600) == 0)
        switch self {
        case .bytes: try write(0xEE, at: Int64(length / 2), path)
        case .bytesAndDate:
            try write(0xEE, at: Int64(length / 2), path)
            let times = [before.st_atim, before.st_mtim]
            #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
        case .truncatedAndBack:
            #expect(unsafe truncate(path, length / 3) == 0)
            #expect(unsafe truncate(path, length) == 0)
        case .shortened: #expect(unsafe truncate(path, length - 1) == 0)
        case .extended: #expect(unsafe truncate(path, length + 1) == 0)
        case .replaced:
            #expect(unsafe unlink(path) == 0)
            try writeWhole(whole.map { ~$0 }, path: path)
        // In a sparse file, this is in a hole.
        case .gap: try write(0xEE, at: Int64(length / 4), path)
        case .removed: #expect(unsafe unlink(path) == 0)
        case .named:
            #expect(unsafe Glibc.link(path, scratch.path("another name")) == 0)
            try write(0xEE, at: 0, scratch.path("another name"))
        case .opened:
            try write(0xEE, at: 0, path)
            #expect(unsafe chmod(path, 0o666) == 0)
        case .folder:
            #expect(unsafe unlink(path) == 0)
            try scratch.folder("\(name)/x")
        case .link:
            #expect(unsafe unlink(path) == 0)
            try writeWhole(whole.map { ~$0 }, path: scratch.path("elsewhere"))
            #expect(unsafe symlink(scratch.path("elsewhere"), path) == 0)
        }
    }

    private func write(_ byte: UInt8, at place: Int64, _ path: String) throws {
        let file = try OpenFile(opening: path, flags: O_WRONLY)
        try unsafe file.write([byte].span.bytes, at: place, path: path)
    }
}
