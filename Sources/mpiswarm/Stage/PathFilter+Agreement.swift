import CommandLine
import Content
import Glibc
import MPITransport
import Storage
import Vocabulary

extension PathFilter {
    /// The filter of rank 0, which rank 0 sends to every rank: only rank 0 has the standard input
    /// of a job, and perhaps the file of `--files-from`. Every rank has to call this, before it has
    /// any endpoint, and all of them throw if rank 0 does.
    static func agreed(
        _ options: StageOptions, _ world: borrowing MPIWorld
    ) throws(StageFilterError) -> PathFilter {
        var own: [UInt8] = []
        if world.rank == .first {
            do throws(StageFilterError) { own = [0] + (try of(options)).encoded } catch {
                own = [1] + Array(error.words.utf8)
            }
        }
        let bytes = world.agree(on: own)
        guard bytes.first == 0, let filter = PathFilter(parsing: Array(bytes.dropFirst())) else {
            throw StageFilterError(words: String(decoding: bytes.dropFirst(), as: UTF8.self))
        }
        return filter
    }

    private static func of(_ options: StageOptions) throws(StageFilterError) -> PathFilter {
        guard let path = options.filesFrom else { return PathFilter(rules: options.filters) }
        let option = "--files-from \(path == "-" ? "-" : harmless(path))"
        let bytes: [UInt8]
        do throws(StorageError) {
            bytes =
                path == "-"
                ? try readWhole(descriptor: STDIN_FILENO, path: "standard input")
                : try readWhole(path: path)
        } catch { throw StageFilterError(words: "\(option): cannot be read: \(error.reason)") }
        do throws(NameListError) {
            return PathFilter(rules: options.filters, names: try NameList.parsing(bytes))
        } catch { throw StageFilterError(words: "\(option)\(words(of: error))") }
    }

    private static func words(of error: NameListError) -> String {
        switch error {
        case .empty: return ": it names no file"
        case .badName(let number, let name, let flaw):
            let shown = harmless(RelativePath.text(of: name.prefix(80)))
            let reason = flaw == .climbs ? "it leads out of SOURCE" : flaw.words
            return ", line \(number): \(shown): \(reason)"
        }
    }
}

/// The reason why there is no filter, as every rank gets it from rank 0.
struct StageFilterError: Error {
    let words: String
}
