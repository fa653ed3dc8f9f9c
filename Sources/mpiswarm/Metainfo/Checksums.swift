import CommandLine
import Content
import Storage
import Vocabulary

/// Digests whole files: what `make --format sha256sums` writes, and `verify` compares.
struct Checksums: ~Copyable {
    private var digester = Digester(.sha256)
    private let progress: ReadingProgress

    init(total: Int64) throws(MetainfoCommandError) {
        guard Digester.computes(.sha256) else { throw .lacking(.sha256) }
        progress = ReadingProgress(total: total)
    }

    /// Of a file in the tree, or with nil of the file that the tree is.
    mutating func digest(
        _ path: RelativePath?, in tree: borrowing SourceTree, through buffer: inout [UInt8]
    ) throws(StorageError) -> (digest: [UInt8], length: Int64) {
        let file = try tree.open(path)
        var length: Int64 = 0
        while true {
            let count: Int
            do throws(StorageError) { count = try file.read(into: &buffer) } catch {
                _ = digester.finish()
                throw error
            }
            guard count > 0 else { return (digester.finish(), length) }
            unsafe digester.update(buffer.span.bytes.extracting(0..<count))
            length += Int64(count)
            progress.advance(by: Int64(count))
        }
    }

    static var buffer: [UInt8] { [UInt8](repeating: 0, count: 1 << 20) }

    borrowing func erase() { progress.erase() }
}

extension ChecksumList {
    /// The list of all files of a tree.
    init(
        of files: [(path: RelativePath, length: Int64)], in tree: borrowing SourceTree,
        called path: String
    ) throws(MetainfoCommandError) {
        var sums = try Checksums(total: files.reduce(0) { $0 + $1.length })
        var buffer = Checksums.buffer
        var rows: [Row] = []
        for file in files {
            let found: (digest: [UInt8], length: Int64)
            let full = tree.isFolder ? "\(path)/\(file.path)" : path
            do throws(StorageError) {
                found = try sums.digest(tree.isFolder ? file.path : nil, in: tree, through: &buffer)
            } catch {
                sums.erase()
                throw .unreadable(full, error)
            }
            guard found.length == file.length else {
                sums.erase()
                throw .changed(full)
            }
            rows.append(Row(path: file.path, digest: found.digest))
        }
        sums.erase()
        self.init(rows)
    }

    /// Compares a tree with the list, and returns a line for each file that is not as it says.
    func differences(in tree: borrowing SourceTree) throws(MetainfoCommandError) -> [String] {
        var sums = try Checksums(total: 0)
        var buffer = Checksums.buffer
        var lines: [String] = []
        for row in rows {
            do throws(StorageError) {
                let found = try sums.digest(
                    tree.isFolder ? row.path : nil, in: tree, through: &buffer)
                if found.digest != row.digest { lines.append("\(row.path): different") }
            } catch .system(_, _, let code) where code == 2 {
                lines.append("\(row.path): missing")
            } catch { lines.append("\(row.path): cannot be read: \(error.reason)") }
        }
        return lines.map(harmless)
    }
}

extension ChecksumListError {
    var sentence: String {
        switch self {
        case .noDigest(let line):
            "line \(line) is no SHA-256 with two blanks and a path after it"
        case .badName(let line, .climbs): "line \(line): the path leads out of the folder"
        case .badName(let line, let flaw): "line \(line): the path: \(flaw.words)"
        case .twice(let line): "line \(line): the path stands there a second time"
        case .empty: "it names no file"
        }
    }
}
