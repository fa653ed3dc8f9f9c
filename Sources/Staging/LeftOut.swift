package import Vocabulary
import Wire

/// The entries of a SOURCE that are not staged, with the reason.
///
///     0  1  reason
///     1     the first few paths, a zero byte between each two
package struct LeftOut: Equatable, Sendable {
    /// The raw values travel and are frozen.
    package enum Reason: UInt8, Sendable {
        /// It is no file, folder or link.
        case special = 0
        /// The rank that lists it may not read it.
        case unreadable = 1
        /// A pattern of the command line excludes it.
        case excluded = 2
        /// It is named on the command line, and no rank has it.
        case missing = 3
        /// An executable that is linked statically: it is staged, and there are no libraries.
        case linkedStatically = 4
    }

    package let reason: Reason
    package let count: Int
    /// Some of their paths, in order: a user needs to know where to look.
    package let names: [RelativePath]

    /// One for each reason but `missing`, which rank 0 alone finds.
    static let ofListMax = 4
    private static let specialNamesMax = 3

    /// Nil if there are none.
    package init?(_ reason: Reason, _ paths: [RelativePath]) {
        guard !paths.isEmpty else { return nil }
        self.reason = reason
        count = paths.count
        switch reason {
        case .special: names = Array(paths.prefix(Self.specialNamesMax))
        // A user has to look at each, so the names fill one tail, which holds at least 15.
        case .unreadable, .excluded, .missing, .linkedStatically:
            var room = Head.tailMax - 1
            names = Array(
                paths.prefix { path in
                    room -= path.utf8.count + 1
                    return room >= -1
                })
        }
    }

    /// No path has a zero byte in it.
    var encoded: [UInt8] { [reason.rawValue] + names.map(\.utf8).joined(separator: [0]) }

    init(count: UInt32, parsing tail: RawSpan) throws(WireError) {
        guard tail.byteCount > 1, tail.byteCount <= Head.tailMax else { throw .malformed }
        var cursor = 0
        // Rank 0 alone knows what is missing.
        guard let reason = Reason(rawValue: try tail.read(&cursor)), reason != .missing else {
            throw .malformed
        }
        let bytes = try tail.readBytes(tail.byteCount - 1, &cursor)
        var names: [RelativePath] = []
        for name in bytes.split(separator: 0, omittingEmptySubsequences: false) {
            do throws(PathError) { names.append(try RelativePath(bytes: Array(name))) } catch {
                throw .malformed
            }
        }
        switch reason {
        case .special:
            guard names.count == min(Int(count), Self.specialNamesMax) else { throw .malformed }
        case .unreadable, .excluded, .missing, .linkedStatically:
            guard names.count <= Int(count) else { throw .malformed }
        }
        self.reason = reason
        self.count = Int(count)
        self.names = names
    }
}
