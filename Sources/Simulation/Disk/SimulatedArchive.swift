import Content
import Vocabulary

/// An archive of a staged job, whose tree may travel in parts while it is being read: in each part
/// are one or two files, which begin and end where pieces of the tree do.
struct SimulatedArchive: Sendable {
    /// The number of parts.
    let partCount: Int
    /// The pieces of the tree that each file has.
    private let files: [Range<Int>]
    private let filesOfPart: [Range<Int>]
    /// Whether the last part has another file of the name of the first one, which it replaces.
    private let repeatsName: Bool
    private let geometry: Geometry
    private let top: RelativePath

    init(_ top: RelativePath, _ geometry: Geometry, parts: Int, repeatsName: Bool) {
        self.top = top
        self.geometry = geometry
        let pieceCount = geometry.pieceCount
        partCount = max(1, min(parts, pieceCount))
        self.repeatsName = repeatsName && partCount > 1
        var files: [Range<Int>] = []
        var filesOfPart: [Range<Int>] = []
        for part in 0..<partCount {
            let first = files.count
            let pieces = part * pieceCount / partCount..<(part + 1) * pieceCount / partCount
            let middle = pieces.lowerBound + (pieces.count + 1) / 2
            files.append(pieces.lowerBound..<middle)
            if middle < pieces.upperBound { files.append(middle..<pieces.upperBound) }
            filesOfPart.append(first..<files.count)
        }
        self.files = files
        self.filesOfPart = filesOfPart
    }

    /// The files of a part, in the order of their names.
    private func files(of part: Int) -> [Int] {
        (repeatsName && part == partCount - 1 ? [0] : []) + filesOfPart[part]
    }

    /// The entries of a part; those of the tree if the part is nil.
    func entries(of part: Int?) -> [TreeEntry] {
        guard let modified = FileTime(seconds: 1, nanoseconds: 0) else { return [] }
        let folder = TreeEntry(path: top, body: .folder, mode: 0o755, modified: modified)
        let chosen = part.map { files(of: $0) } ?? Array(files.indices)
        return [folder]
            + chosen.map { file in
                let length = files[file].reduce(0) {
                    $0 + Int64(geometry.size(of: PieceIndex($1)))
                }
                let extents = [Extent(start: 0, end: length)].compactMap(\.self)
                return TreeEntry(
                    path: path(of: file), body: .file(length: length, extents: extents),
                    mode: 0o644, modified: modified)
            }
    }

    /// Numbers with as many digits, so that they are in the order of names.
    private func path(of file: Int) -> RelativePath {
        do throws(PathError) { return try RelativePath("\(top)/\(1000 + file)") } catch {
            preconditionFailure("a name and a number are a path")
        }
    }

    /// The pieces of the tree that a part has, in the order of the part: for each file.
    func pieces(of part: Int) -> [Range<Int>] { files(of: part).map { files[$0] } }

    /// The version of the bytes that a part has of a piece of the tree.
    func version(of piece: Int, in part: Int) -> UInt32 {
        repeatsName && part == 0 && files[0].contains(piece) ? 1 : 0
    }
}
