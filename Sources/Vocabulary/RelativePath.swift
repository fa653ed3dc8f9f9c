/// A path that is safe below any folder: one or more components, none of which leads out of the
/// folder. Only the sanitiser makes such paths, so that no holder has to check again. Names in text
/// formats, and names that users type, are text without characters that could deceive a terminal.
/// Names that are copied from one disk to another may be any bytes, and are escaped where they are
/// printed.
///
/// Two paths are equal when their bytes are: a file system knows nothing of Unicode.
package struct RelativePath: Hashable, Comparable, Sendable {
    package let utf8: [UInt8]

    package static let byteCountMax = 4096
    package static let componentByteCountMax = 255

    package init(_ text: String) throws(PathError) { try self.init(utf8: Array(text.utf8)) }

    package init(utf8 bytes: [UInt8]) throws(PathError) {
        if let flaw = Self.flaw(inText: bytes) { throw flaw }
        try self.init(bytes: bytes)
    }

    /// Accepts bytes that need not be text, and all control characters but zero.
    package init(bytes: [UInt8]) throws(PathError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.byteCountMax else { throw .tooLong }
        guard bytes[0] != UInt8(ascii: "/") else { throw .absolute }
        guard !bytes.contains(0) else { throw .control }
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

    /// Whether the path has one component.
    package var isSingleName: Bool { !utf8.contains(UInt8(ascii: "/")) }

    package static func < (a: RelativePath, b: RelativePath) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    private static func flaw(inText bytes: [UInt8]) -> PathError? {
        guard bytes.count <= byteCountMax else { return .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { return .notText }
        guard bytes.first != UInt8(ascii: "/") else { return .absolute }
        return text.unicodeScalars.contains { isHostile($0) } ? .control : nil
    }

    /// Control characters, and characters that reverse or hide text on a screen.
    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0x061C, 0xFEFF: true
        default: false
        }
    }
}

extension RelativePath: CustomStringConvertible {
    /// The path as text: a byte that is not UTF-8 is written as `\xNN`. Control characters are not
    /// escaped.
    package var description: String { Self.text(of: utf8[...]) }

    /// The path for system calls, with a zero byte at the end.
    package var systemName: [CChar] { Self.systemName(utf8[...]) }

    package static func systemName(_ bytes: some Sequence<UInt8>) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }

    /// A part of a path as text.
    package static func text(of bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var rest = bytes
        while let byte = rest.first {
            // No character is longer than four bytes.
            let good = (1...min(4, rest.count)).lazy.compactMap {
                String(validating: rest.prefix($0), as: UTF8.self)
            }.first
            if let good {
                text += good
                rest = rest.dropFirst(good.utf8.count)
            } else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}

/// The reason why a path is refused.
package enum PathError: Error, Equatable, Sendable {
    case empty
    case tooLong
    case notText
    case absolute
    case control
    case emptyComponent
    case climbs
}
