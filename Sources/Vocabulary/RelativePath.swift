/// A path that is safe below any folder: one or more components, none of them able to climb out
/// or to deceive a terminal. Only the sanitiser makes one, so whoever holds one need not check.
///
/// Two paths are the same when their bytes are: a file system knows nothing of Unicode.
package struct RelativePath: Hashable, Comparable, Sendable {
    package let utf8: [UInt8]

    package static let byteCountMax = 4096
    package static let componentByteCountMax = 255

    package init(_ text: String) throws(PathFlaw) { try self.init(utf8: Array(text.utf8)) }

    package init(utf8 bytes: [UInt8]) throws(PathFlaw) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.byteCountMax else { throw .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        guard bytes[0] != UInt8(ascii: "/") else { throw .absolute }
        for scalar in text.unicodeScalars where Self.isHostile(scalar) { throw .control }
        for component in bytes.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            guard !component.isEmpty else { throw .emptyComponent }
            guard component.count <= Self.componentByteCountMax else { throw .tooLong }
            guard !component.elementsEqual(".".utf8), !component.elementsEqual("..".utf8) else {
                throw .climbs
            }
        }
        utf8 = bytes
    }

    /// Whether it names something directly in the folder.
    package var isSingleName: Bool { !utf8.contains(UInt8(ascii: "/")) }

    package static func < (a: RelativePath, b: RelativePath) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    /// Control characters, and those that reverse or hide text on a screen.
    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0x061C, 0xFEFF: true
        default: false
        }
    }
}

extension RelativePath: CustomStringConvertible {
    package var description: String { String(decoding: utf8, as: UTF8.self) }
}

/// What makes a path unacceptable.
package enum PathFlaw: Error, Equatable, Sendable {
    case empty
    case tooLong
    case notText
    case absolute
    case control
    case emptyComponent
    case climbs
}
