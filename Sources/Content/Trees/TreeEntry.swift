package import Vocabulary

/// One entry of a tree of files: its path, its kind, its mode and its date.
package struct TreeEntry: Equatable, Sendable {
    package let path: RelativePath
    package let body: Body
    /// The lower twelve bits: rights, set-id bits and the sticky bit.
    package let mode: UInt16
    package let modified: FileTime
    /// Nil where it is not to be kept, and for another name of a file, which has what the file has.
    package let preserved: Preserved?

    package enum Body: Equatable, Sendable {
        case folder
        /// A file of `length` bytes, of which only the extents hold any: between them are holes.
        case file(length: Int64, extents: [Extent])
        /// Its target is copied as it is, and never followed.
        case link(target: [UInt8])
        /// Another name of a file that comes earlier in the same tree.
        case sameFile(as: RelativePath)
    }

    package init(
        path: RelativePath, body: Body, mode: UInt16, modified: FileTime,
        preserved: Preserved? = nil
    ) {
        self.path = path
        self.body = body
        self.mode = mode
        self.modified = modified
        self.preserved = preserved
    }

    /// Zero for what has no bytes of its own.
    package var length: Int64 {
        if case .file(let length, _) = body { length } else { 0 }
    }

    /// The ranges of a file between its extents.
    package var gaps: [Range<Int64>] {
        guard case .file(let length, let extents) = body else { return [] }
        var gaps: [Range<Int64>] = []
        var end: Int64 = 0
        for extent in extents {
            if end < extent.start { gaps.append(end..<extent.start) }
            end = extent.end
        }
        if end < length { gaps.append(end..<length) }
        return gaps
    }
}

/// The time at which a file was changed, as file systems report it.
package struct FileTime: Equatable, Sendable {
    package let seconds: Int64
    package let nanoseconds: UInt32

    /// Nil where there are too many nanoseconds for a second.
    package init?(seconds: Int64, nanoseconds: UInt32) {
        guard nanoseconds < 1_000_000_000 else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}
