package import Vocabulary

/// The contents of `Common.cfg`: one file, its division into pieces, and the intervals at which
/// peers choose receivers.
///
///     <Key> <value>
///
/// One in each line, in any order, each once.
package struct ChokingTerms: Equatable, Sendable {
    package enum Key: String, CaseIterable, Sendable {
        case preferredNeighbors = "NumberOfPreferredNeighbors"
        case unchokingInterval = "UnchokingInterval"
        case optimisticUnchokingInterval = "OptimisticUnchokingInterval"
        case fileName = "FileName"
        case fileSize = "FileSize"
        case pieceSize = "PieceSize"
    }

    package let preferredMax: Int
    package let unchokingInterval: Duration
    package let optimisticUnchokingInterval: Duration
    package let fileName: RelativePath
    package let geometry: Geometry

    package static let preferredMaxMax = 1_000_000
    package static let secondsMax = 1_000_000
    /// A growing file has a longer name: `.<name>.mpiswarm-part`.
    package static let nameByteCountMax =
        RelativePath.componentByteCountMax - "..mpiswarm-part".utf8.count

    /// Any bytes give a value or an error with a line.
    package init(parsing bytes: [UInt8]) throws(ChokingInputError) {
        let values = try Self.values(bytes)
        preferredMax = try Self.number(values, .preferredNeighbors, max: Self.preferredMaxMax)
        unchokingInterval = try Self.seconds(values, .unchokingInterval)
        optimisticUnchokingInterval = try Self.seconds(values, .optimisticUnchokingInterval)
        fileName = try Self.name(values)
        let size = try Self.number(values, .fileSize, max: 1 << 48)
        let pieceMax = Int(Manifest.pieceLengthMax.raw)
        let pieceSize = try Self.number(values, .pieceSize, max: pieceMax)
        guard pieceSize > 0 else {
            throw try Self.value(values, .pieceSize).notANumber(.pieceSize)
        }
        let total = ByteCount(Int64(size))
        guard let cut = Geometry(total: total, pieceLength: ByteCount(Int64(pieceSize))) else {
            throw ChokingInputError(
                line: try Self.value(values, .pieceSize).line, flaw: .tooManyPieces)
        }
        geometry = cut
    }

    private struct Value {
        let key: Key
        let line: Int
        let text: ArraySlice<UInt8>

        func refused(_ flaw: ChokingInputFlaw) -> ChokingInputError {
            ChokingInputError(line: line, flaw: flaw)
        }

        func notANumber(_ key: Key) -> ChokingInputError {
            refused(.notANumber(key, token: text.excerpt))
        }
    }

    private static func values(_ bytes: [UInt8]) throws(ChokingInputError) -> [Value] {
        var values: [Value] = []
        for (line, text) in TextLines(bytes) {
            let word = text.prefix { !TextLines.isBlank($0) }
            guard let key = Key(rawValue: String(decoding: word, as: UTF8.self)) else {
                throw ChokingInputError(line: line, flaw: .unknownKey(token: word.excerpt))
            }
            guard !values.contains(where: { $0.key == key }) else {
                throw ChokingInputError(line: line, flaw: .saidTwice(key))
            }
            let rest = TextLines.trimmed(text.dropFirst(word.count))
            values.append(Value(key: key, line: line, text: rest))
        }
        return values
    }

    private static func value(_ values: [Value], _ key: Key) throws(ChokingInputError) -> Value {
        guard let value = values.first(where: { $0.key == key }) else {
            throw ChokingInputError(line: nil, flaw: .missing(key))
        }
        return value
    }

    private static func number(
        _ values: [Value], _ key: Key, max: Int
    ) throws(ChokingInputError) -> Int {
        let value = try value(values, key)
        guard let number = plainNumber(value.text, max: max) else {
            throw value.notANumber(key)
        }
        return number
    }

    /// Above zero, with a fraction that may go down to nanoseconds.
    private static func seconds(
        _ values: [Value], _ key: Key
    ) throws(ChokingInputError) -> Duration {
        let value = try value(values, key)
        let parts = value.text.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : []
        let padded = fraction + [UInt8](repeating: UInt8(ascii: "0"), count: 9)
        guard let whole = plainNumber(parts[0], max: secondsMax), fraction.count <= 9,
            parts.count == 1 || !fraction.isEmpty,
            let nanoseconds = plainNumber(padded.prefix(9), max: 999_999_999),
            whole + nanoseconds > 0
        else { throw value.refused(.notSeconds(key, token: value.text.excerpt)) }
        return .seconds(whole) + .nanoseconds(nanoseconds)
    }

    private static func name(_ values: [Value]) throws(ChokingInputError) -> RelativePath {
        let value = try value(values, .fileName)
        let name: RelativePath
        do throws(PathError) { name = try RelativePath(utf8: Array(value.text)) } catch {
            throw value.refused(.badName(error, token: value.text.excerpt))
        }
        guard name.isSingleName else {
            throw value.refused(.nameOfSeveralComponents(token: value.text.excerpt))
        }
        guard name.utf8.count <= nameByteCountMax else {
            throw value.refused(.badName(.tooLong, token: value.text.excerpt))
        }
        return name
    }
}

extension ArraySlice<UInt8> {
    /// The beginning of it, for an error.
    var excerpt: [UInt8] { Array(prefix(ClassicInputFlaw.tokenByteCountMax)) }
}
