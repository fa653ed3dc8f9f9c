package import Vocabulary
import Wire

/// What of a SOURCE is no file, folder or link, and is not staged.
package struct LeftOut: Equatable, Sendable {
    package let count: Int
    /// Some of their paths, in order: a user needs to know where to look.
    package let names: [String]

    package static let namesMax = 3
    private static let byteCountMax = 4096 * namesMax + namesMax

    /// Nil where nothing is.
    package init?(_ paths: [RelativePath]) {
        guard !paths.isEmpty else { return nil }
        count = paths.count
        names = paths.prefix(Self.namesMax).map(\.description)
    }

    /// No path has a line break in it.
    var encoded: [UInt8] { Array(names.joined(separator: "\n").utf8) }

    init(count: UInt32, parsing tail: RawSpan) throws(WireError) {
        guard tail.byteCount <= Self.byteCountMax else { throw .malformed }
        var cursor = 0
        let bytes = try tail.readBytes(tail.byteCount, &cursor)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        let names = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard names.count == min(Int(count), Self.namesMax), !names.contains("") else {
            throw .malformed
        }
        self.count = Int(count)
        self.names = names
    }
}
