import Glibc

/// The words by which a rank finds the token of another one.
package struct SharedSign: Equatable, Sendable {
    private let folder: String
    private let name: String
    /// The name in the folder that does not exist yet; empty if the folder itself is meant.
    private let missing: String

    init(folder: String, name: String, missing: String) {
        self.folder = folder
        self.name = name
        self.missing = missing
    }

    package var encoded: [UInt8] { Array("\(folder)\0\(name)\0\(missing)".utf8) }

    /// Nil for other bytes.
    package init?(parsing bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let parts = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(folder: parts[0], name: parts[1], missing: parts[2])
    }

    /// Whether the folder is the same here, and this process may write to it. What does not exist
    /// for the rank that made the token must not exist here either: it could be a mount of this
    /// host alone.
    package var isSeen: Bool {
        guard unsafe access("\(folder)/\(name)", F_OK) == 0,
            unsafe access(folder, W_OK | X_OK) == 0
        else { return false }
        guard !missing.isEmpty else { return true }
        var status = stat()
        return unsafe lstat("\(folder)/\(missing)", &status) == -1 && errno == ENOENT
    }
}
