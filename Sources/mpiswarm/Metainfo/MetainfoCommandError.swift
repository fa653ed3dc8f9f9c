import CommandLine
import Content
import Storage
import Vocabulary

/// The reason why `make`, `show` or `verify` failed, with its sentence.
enum MetainfoCommandError: Error {
    case unreadable(String, StorageError)
    case malformed(String, MetainfoError)
    case badChecksums(String, ChecksumListError)
    case unwritable(String, StorageError)
    case unwritableOutput
    case notAFile(String)
    case isThere(String)
    case nameless(String, PathError)
    case folderWanted(String, describedBy: String)
    case fileWanted(String, format: String)
    case badPieceLength(Int, format: String)
    case tooManyPieces(String)
    case changed(String)
    case notATorrent(TorrentError)
    case labels(String)
    case lacking(DigestAlgorithm)

    var sentence: String {
        switch self {
        case .unreadable(let path, .badName(let name, let folder, let flaw)):
            "\(harmless(path)): "
                + StorageError.badName(name, in: folder, flaw).reason
        case .unreadable(let path, let error):
            "\(harmless(path)): cannot be read: \(error.reason)"
        case .malformed(let path, let error): "\(harmless(path)): \(error.sentence)"
        case .badChecksums(let path, let error): "\(harmless(path)): \(error.sentence)"
        case .unwritable(let path, let error):
            "\(harmless(path)): cannot be written to: \(error.reason)"
        case .unwritableOutput: "cannot write to standard output"
        case .isThere(let path): "\(harmless(path)): exists; replace it with --force"
        case .notAFile(let path): "\(harmless(path)): is there, and is no file to be replaced"
        case .nameless(let path, let flaw):
            "\(harmless(path)): has no name for others: \(flaw.words)"
        case .folderWanted(let path, let file):
            "\(harmless(path)): is a file, and \(harmless(file)) describes a folder"
        case .fileWanted(let path, let format):
            "\(harmless(path)): is a folder, and a \(format) describes one file"
        case .badPieceLength(let length, let format):
            "\(length) bytes are no piece length for a \(format)"
        case .tooManyPieces(let path):
            "\(harmless(path)): has too many pieces; make them longer with --piece-size"
        case .changed(let path): "\(harmless(path)): changed while it was read"
        case .notATorrent(let error):
            "no reader would accept this torrent: \(error.flaw.sentence)"
        case .labels(let path):
            "\(harmless(path)): its pieces are labels, and there are no bytes to compare"
        case .lacking(let algorithm): lackingText(algorithm)
        }
    }
}

/// Bounded: the description of a terabyte in pieces of a megabyte has some 50 MB.
func readMetainfo(
    _ path: String, pieceSize: Int?
) throws(MetainfoCommandError) -> (metainfo: Metainfo, byteCount: Int) {
    if let pieceSize, pieceSize < 1 { throw .badPieceLength(pieceSize, format: "seed file") }
    let bytes = try readInput(path)
    do {
        let length = pieceSize.map { Int64($0) }
        return (try Metainfo(parsing: bytes, pieceLength: length), bytes.count)
    } catch { throw .malformed(path, error) }
}

func readInput(_ path: String) throws(MetainfoCommandError) -> [UInt8] {
    do { return try readWhole(path: path) } catch { throw .unreadable(path, error) }
}

/// Carries out a command, or prints in one line why it cannot.
func performed(_ body: () throws(MetainfoCommandError) -> Int32) -> Int32 {
    do { return try body() } catch {
        say("mpiswarm: \(error.sentence)\n", on: .error)
        return 2
    }
}
