package import Vocabulary

/// What a peer owns and wants, as `in<p>.txt` says it:
///
///     <number of owned files>
///     for each: <name> <number of segments>, then that many segment hashes
///               or <name> @<path of real bytes>
///     <number of wanted files>
///     for each: <name>
///
/// Tokens are separated by blanks of any kind. A second token that begins with `@` is a path,
/// because no number does; a name may begin with it.
package struct ClassicInput: Equatable, Sendable {
    package let owned: [OwnedFile]
    package let wanted: [RelativePath]

    package static let fileCountMax = 1_000_000
    /// A file system takes names of 255 bytes, and `client<p>_` comes before the name.
    package static let nameByteCountMax =
        RelativePath.componentByteCountMax - "client\(Int32.max)_".utf8.count

    /// Any bytes give a value or an error with a line.
    package init(parsing bytes: [UInt8]) throws(ClassicInputError) {
        var scanner = ClassicInputScanner(bytes)
        owned = try Self.ownedFiles(&scanner)
        wanted = try Self.wantedNames(&scanner)
        if let token = scanner.next() {
            throw token.refused(.trailing(token: token.excerpt))
        }
    }

    private static func ownedFiles(
        _ scanner: inout ClassicInputScanner
    ) throws(ClassicInputError) -> [OwnedFile] {
        let count = try number(
            scanner.next(.ownedCount), of: .ownedCount, max: fileCountMax)
        var files: [OwnedFile] = []
        var names: Set<RelativePath> = []
        for _ in 0..<count {
            let token = try scanner.next(.ownedName)
            let name = try name(token)
            guard names.insert(name).inserted else { throw token.refused(.ownedTwice(name)) }
            files.append(OwnedFile(name: name, body: try body(&scanner)))
        }
        return files
    }

    private static func body(
        _ scanner: inout ClassicInputScanner
    ) throws(ClassicInputError) -> OwnedFile.Body {
        let token = try scanner.next(.segmentCount)
        if token.bytes.first == UInt8(ascii: "@") { return .bytes(try path(token)) }
        let count = try number(token, of: .segmentCount, max: Geometry.pieceCountMax)
        return .labels(try labels(count, &scanner))
    }

    /// Hashes usually have one length, so the first one gives the room that all of them take,
    /// within the rest of the input.
    private static func labels(
        _ count: Int, _ scanner: inout ClassicInputScanner
    ) throws(ClassicInputError) -> LabelTable {
        var table = LabelTable()
        for position in 0..<count {
            let token = try scanner.next(.segment)
            do throws(LabelError) { try table.append(token.bytes) } catch {
                throw token.refused(.badSegment(error, token: token.excerpt))
            }
            if position == 0 {
                table.reserve(
                    labels: min(count, 1 + scanner.remaining / 2),
                    textByteCount: min(
                        count * (token.bytes.count + 1), token.bytes.count + 1 + scanner.remaining))
            }
        }
        return table
    }

    private static func wantedNames(
        _ scanner: inout ClassicInputScanner
    ) throws(ClassicInputError) -> [RelativePath] {
        let count = try number(
            scanner.next(.wantedCount), of: .wantedCount, max: fileCountMax)
        var wanted: [RelativePath] = []
        var names: Set<RelativePath> = []
        for _ in 0..<count {
            let token = try scanner.next(.wantedName)
            let name = try name(token)
            guard names.insert(name).inserted else { throw token.refused(.wantedTwice(name)) }
            wanted.append(name)
        }
        return wanted
    }

    private static func name(
        _ token: ClassicInputScanner.Token
    ) throws(ClassicInputError) -> RelativePath {
        let name: RelativePath
        do throws(PathError) { name = try RelativePath(utf8: Array(token.bytes)) } catch {
            throw token.refused(.badName(error, token: token.excerpt))
        }
        guard name.isSingleName else {
            throw token.refused(.nameOfSeveralComponents(token: token.excerpt))
        }
        guard name.utf8.count <= nameByteCountMax else {
            throw token.refused(.badName(.tooLong, token: token.excerpt))
        }
        return name
    }

    private static func path(
        _ token: ClassicInputScanner.Token
    ) throws(ClassicInputError) -> RelativePath {
        do throws(PathError) {
            return try RelativePath(utf8: Array(token.bytes.dropFirst()))
        } catch {
            throw token.refused(.badPath(error, token: token.excerpt))
        }
    }

    /// Digits and nothing else: neither sign nor point nor another alphabet's digits.
    private static func number(
        _ token: ClassicInputScanner.Token, of element: ClassicInputElement, max: Int
    ) throws(ClassicInputError) -> Int {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard token.bytes.allSatisfy(digits.contains) else {
            throw token.refused(.notACount(element, token: token.excerpt))
        }
        var number = 0
        for digit in token.bytes {
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
            guard number <= max else { throw token.refused(.countTooLarge(element, max: max)) }
        }
        return number
    }
}
