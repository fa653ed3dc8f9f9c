package import Vocabulary

/// One thing in a tree of files: what it is called, what it is, its rights and its date.
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
        /// So many bytes, of which only the extents hold any: what lies between them is a hole.
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
}

/// When a file was changed, as file systems tell it.
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
