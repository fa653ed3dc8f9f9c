package import Vocabulary

/// The digests of whole files, as `sha256sum` writes and checks them:
///
///     64 hexadecimal digits, two blanks, a path
///
/// The second blank is a `*` where the file was read as binary, which makes no difference on Linux.
/// A line that begins with a backslash has `\n`, `\r` and `\\` in its path; one that begins with
/// `#` says nothing. Invariant: no path stands twice.
package struct ChecksumList: Equatable, Sendable {
    package struct Row: Equatable, Sendable {
        package let path: RelativePath
        package let digest: [UInt8]

        package init(path: RelativePath, digest: [UInt8]) {
            self.path = path
            self.digest = digest
        }
    }

    package let rows: [Row]

    package init(_ rows: [Row]) { self.rows = rows }

    /// Whether the first line that says something is one of such a list.
    package static func isOne(_ bytes: [UInt8]) -> Bool {
        for line in bytes.prefix(64 << 10).split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "#") { continue }
            let digits = line.first == UInt8(ascii: "\\") ? line.dropFirst() : line
            return digits.count > 66 && Self.digest(digits.prefix(64)) != nil
                && digits.dropFirst(64).first == UInt8(ascii: " ")
                && " *".utf8.contains(digits[digits.startIndex + 65])
        }
        return false
    }

    package init(parsing bytes: [UInt8]) throws(ChecksumListError) {
        var rows: [Row] = []
        var paths: Set<RelativePath> = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            guard line.first != UInt8(ascii: "#") else { continue }
            let row = try Self.row(line, index + 1)
            guard paths.insert(row.path).inserted else { throw .twice(line: index + 1) }
            rows.append(row)
        }
        guard !rows.isEmpty else { throw .empty }
        self.rows = rows
    }

    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for row in rows {
            let name = Self.escaped(row.path.utf8)
            if name.count > row.path.utf8.count { bytes.append(UInt8(ascii: "\\")) }
            bytes += hexText(row.digest).utf8
            bytes += "  ".utf8
            bytes += name
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    private static func row(
        _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(ChecksumListError) -> Row {
        let isEscaped = line.first == UInt8(ascii: "\\")
        let rest = isEscaped ? line.dropFirst() : line
        guard let digest = digest(rest.prefix(64)), rest.count > 66,
            rest[rest.startIndex + 64] == UInt8(ascii: " "),
            " *".utf8.contains(rest[rest.startIndex + 65])
        else { throw .noDigest(line: number) }
        var name = Array(rest.dropFirst(66))
        if isEscaped {
            guard let plain = unescaped(name) else { throw .noDigest(line: number) }
            name = plain
        }
        while name.starts(with: "./".utf8) { name.removeFirst(2) }
        do throws(PathError) {
            return Row(path: try RelativePath(bytes: name), digest: digest)
        } catch { throw .badName(line: number, error) }
    }

    private static let escapes: [(plain: UInt8, letter: UInt8)] = [
        (UInt8(ascii: "\\"), UInt8(ascii: "\\")), (UInt8(ascii: "\n"), UInt8(ascii: "n")),
        (UInt8(ascii: "\r"), UInt8(ascii: "r")),
    ]

    private static func escaped(_ name: [UInt8]) -> [UInt8] {
        name.flatMap { byte in
            escapes.first { $0.plain == byte }.map { [UInt8(ascii: "\\"), $0.letter] } ?? [byte]
        }
    }

    private static func unescaped(_ name: [UInt8]) -> [UInt8]? {
        var plain: [UInt8] = []
        var rest = name[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            guard let letter = rest.popFirst(),
                let found = escapes.first(where: { $0.letter == letter })
            else { return nil }
            plain.append(found.plain)
        }
        return plain
    }

    /// Nil unless these are the digits of a SHA-256.
    private static func digest(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count == 64 else { return nil }
        var digest: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x41...0x46: value = digit - 0x41 + 10
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            if let first = high {
                digest.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return digest
    }
}
