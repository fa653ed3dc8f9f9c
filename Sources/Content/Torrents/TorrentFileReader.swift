import Vocabulary

/// Reads the files of an info dictionary: the list of v1, the tree of v2.
struct TorrentFileReader {
    let info: BencodeValue
    let name: RelativePath
    let pieceLength: Int64

    typealias Files = (files: [TorrentFile], isSingleFile: Bool)

    func listedFiles() throws(TorrentError) -> Files {
        guard let list = info["files"] else {
            if info.hasAttribute("l") { throw info.refused(.link) }
            let length = try info.requiredSize("length")
            return ([TorrentFile(path: name, length: length, isPad: false)], true)
        }
        guard info["length"] == nil, let values = list.list else {
            throw list.refused(.wrongKind(of: "files"))
        }
        var files: [TorrentFile] = []
        for value in values { files.append(try listedFile(value)) }
        return (files, false)
    }

    private func listedFile(_ value: BencodeValue) throws(TorrentError) -> TorrentFile {
        if value.hasAttribute("l") { throw value.refused(.link) }
        let length = try value.requiredSize("length")
        let isPad = value.hasAttribute("p")
        guard !isPad || length < pieceLength else { throw value.refused(.padTooLong) }
        let path = try value.required("path")
        return TorrentFile(path: try path.path(of: "path"), length: length, isPad: isPad)
    }

    func treeFiles(layers: BencodeValue) throws(TorrentError) -> Files {
        let tree = try info.required("file tree")
        var files: [TorrentFile] = []
        try walk(tree, below: [], into: &files)
        let isSingleFile =
            files.count == 1 && files[0].path == name && tree[name.description]?[""] != nil
        try assign(layers, to: &files)
        return (files, isSingleFile)
    }

    /// As deep as the parser let the tree be.
    private func walk(
        _ tree: BencodeValue, below folder: [UInt8], into files: inout [TorrentFile]
    ) throws(TorrentError) {
        for (key, value) in try tree.dictionary(of: "file tree") {
            let name = try value.name(key)
            // Folders as well, so that no path grows with the depth of a hostile tree.
            let path = try value.relativePath(
                folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name)
            guard let file = value[""] else {
                try walk(value, below: path.utf8, into: &files)
                continue
            }
            guard try value.dictionary(of: "file tree").count == 1 else {
                throw value.refused(.fileAndFolder(path))
            }
            files.append(try treeFile(file, path: path))
        }
    }

    private func treeFile(
        _ value: BencodeValue, path: RelativePath
    ) throws(TorrentError) -> TorrentFile {
        if value.hasAttribute("l") { throw value.refused(.link) }
        let length = try value.requiredSize("length")
        let root = value["pieces root"]
        guard length > 0 else {
            guard root == nil else { throw value.refused(.badRoot) }
            return TorrentFile(path: path, length: 0, isPad: false)
        }
        guard let root else { throw value.refused(.rootMissing) }
        guard let digest = root.text, digest.count == DigestAlgorithm.sha256.byteCount else {
            throw root.refused(.badRoot)
        }
        return TorrentFile(path: path, length: length, isPad: false, root: Array(digest))
    }

    /// Gives every file that is longer than a piece its layer. A layer's root is computed once,
    /// however many files share it.
    private func assign(
        _ layers: BencodeValue, to files: inout [TorrentFile]
    ) throws(TorrentError) {
        let entries = try layers.dictionary(of: "piece layers")
        var given: [[UInt8]: BencodeValue] = [:]
        for (key, value) in entries { given[Array(key)] = value }
        var tables: [[UInt8]: DigestTable] = [:]
        for index in files.indices where files[index].length > pieceLength {
            guard let root = files[index].root, let layer = given[root] else {
                throw info.refused(.layerMissing(files[index].path))
            }
            let table: DigestTable
            if let known = tables[root] {
                table = known
            } else {
                table = try self.table(layer, of: files[index], root)
            }
            guard table.count == pieceCount(files[index]) else {
                throw layer.refused(.wrongPieceCount)
            }
            tables[root] = table
            files[index].layer = table
        }
        guard tables.count == entries.count else {
            throw layers.refused(.layerOfNothing)
        }
    }

    private func pieceCount(_ file: TorrentFile) -> Int? {
        Geometry(total: ByteCount(file.length), pieceLength: ByteCount(pieceLength))?.pieceCount
    }

    private func table(
        _ value: BencodeValue, of file: TorrentFile, _ root: [UInt8]
    ) throws(TorrentError) -> DigestTable {
        guard let text = value.text else { throw value.refused(.wrongKind(of: "piece layers")) }
        guard let table = DigestTable(of: .sha256, bytes: Array(text)),
            table.count == pieceCount(file)
        else { throw value.refused(.wrongPieceCount) }
        guard MerkleTree.root(ofLayer: table, pieceLength: pieceLength) == root else {
            throw value.refused(.layerDiffersFromRoot(file.path))
        }
        return table
    }

    /// The list of v1 with what v2 knows of each file. Both have the same files, and pads let each
    /// of them begin with a piece. BEP 52 wants the same order as well; programs in wide use write
    /// another, and nothing here depends on it.
    func joined(
        _ listed: [TorrentFile], _ tree: [TorrentFile]
    ) throws(TorrentError) -> [TorrentFile] {
        var twins: [RelativePath: TorrentFile] = [:]
        for file in tree { twins[file.path] = file }
        var files = listed
        var misplaced: Int64 = 0
        for index in files.indices {
            let length = files[index].length
            if !files[index].isPad {
                guard let twin = twins.removeValue(forKey: files[index].path),
                    twin.length == length, length == 0 || misplaced == 0
                else { throw info.refused(.halvesDiffer) }
                files[index] = twin
            }
            misplaced = (misplaced + length % pieceLength) % pieceLength
        }
        guard twins.isEmpty else { throw info.refused(.halvesDiffer) }
        return files
    }

    /// No file twice, and none where another needs a folder. Pads lie nowhere.
    func checkPaths(of files: [TorrentFile]) throws(TorrentError) {
        let paths = files.filter { !$0.isPad }.map(\.path).sorted(by: RelativePath.inTreeOrder)
        for (path, next) in zip(paths, paths.dropFirst()) {
            if path == next { throw info.refused(.pathTwice(path)) }
            if next.utf8.starts(with: path.utf8 + [UInt8(ascii: "/")]) {
                throw info.refused(.fileAndFolder(path))
            }
        }
    }

    /// The number of pieces is bounded, and with it every sum.
    func checkSizes(of files: [TorrentFile], trees: Bool) throws(TorrentError) {
        var pieces: Int64 = 0
        var total: Int64 = 0
        for file in files {
            let (sum, overflow) = total.addingReportingOverflow(file.length)
            guard !overflow else { throw info.refused(.tooLarge) }
            total = sum
            pieces += file.length / pieceLength + (file.length % pieceLength == 0 ? 0 : 1)
            if !trees { pieces = total / pieceLength }
            guard pieces <= Int64(Geometry.pieceCountMax) else { throw info.refused(.tooLarge) }
        }
    }
}
