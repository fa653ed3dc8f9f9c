import Vocabulary

extension Torrent {
    package init(parsing bytes: [UInt8]) throws(TorrentError) {
        let document = try Self.document(bytes)
        let info = try document.required("info")
        let parsed = try TorrentInfo(parsing: info, layers: document["piece layers"])
        let own = parsed.version == .v1 ? ["info"] : ["info", "piece layers"]
        self.init(
            info: parsed, infoBytes: Array(info.raw), notes: try Self.notes(document, without: own))
    }

    private static func document(_ bytes: [UInt8]) throws(TorrentError) -> BencodeValue {
        do throws(BencodeError) { return try BencodeValue(parsing: bytes) } catch {
            throw TorrentError(position: error.position, flaw: .notBencoded(error.flaw))
        }
    }

    private static func notes(
        _ document: BencodeValue, without own: [String]
    ) throws(TorrentError) -> [Note] {
        try document.dictionary(of: "info").compactMap { entry in
            guard !own.contains(where: { entry.key.elementsEqual($0.utf8) }) else { return nil }
            return Note(key: Array(entry.key), value: Array(entry.value.raw))
        }
    }
}

extension TorrentInfo {
    init(parsing info: BencodeValue, layers: BencodeValue?) throws(TorrentError) {
        let nameValue = try info.required("name")
        guard let nameText = nameValue.text else { throw nameValue.refused(.wrongKind(of: "name")) }
        let name = try nameValue.relativePath(nameValue.name(nameText))
        let version = try Self.version(info)
        if let algorithm = version.algorithms.first(where: { !Digester.computes($0) }) {
            throw info.refused(.lacking(algorithm))
        }
        let pieceLength = try Self.pieceLength(info, version)
        let reader = TorrentFileReader(info: info, name: name, pieceLength: pieceLength)
        var files: [TorrentFile] = []
        var isSingleFile = false
        if version != .v2 { (files, isSingleFile) = try reader.listedFiles() }
        if version != .v1 {
            guard let layers else { throw info.refused(.missing("piece layers")) }
            let tree = try reader.treeFiles(layers: layers)
            if version == .v2 {
                (files, isSingleFile) = tree
            } else {
                // A tree does not distinguish a file from a folder that has its name and only that
                // file.
                guard tree.isSingleFile || !isSingleFile else {
                    throw info.refused(.halvesDiffer)
                }
                files = try reader.joined(files, tree.files)
            }
        }
        try reader.checkPaths(of: files)
        try reader.checkSizes(of: files, trees: version != .v1)
        self.init(
            version: version, name: name, isSingleFile: isSingleFile, pieceLength: pieceLength,
            isPrivate: info["private"]?.integer == 1, files: files,
            pieces: version == .v2 ? nil : try Self.pieces(info, of: files, pieceLength))
    }

    private static func version(_ info: BencodeValue) throws(TorrentError) -> Torrent.Version {
        guard let number = info["meta version"] else { return .v1 }
        guard number.integer == 2 else {
            throw number.refused(.unknownVersion(number.integer ?? 0))
        }
        return info["pieces"] == nil ? .v2 : .hybrid
    }

    private static func pieceLength(
        _ info: BencodeValue, _ version: Torrent.Version
    ) throws(TorrentError) -> Int64 {
        let length = try info.requiredSize("piece length")
        guard Torrent.accepts(pieceLength: length, in: version) else {
            throw try info.required("piece length").refused(.badPieceLength(length))
        }
        return length
    }

    private static func pieces(
        _ info: BencodeValue, of files: [TorrentFile], _ pieceLength: Int64
    ) throws(TorrentError) -> DigestTable {
        let value = try info.required("pieces")
        guard let text = value.text else { throw value.refused(.wrongKind(of: "pieces")) }
        let total = files.reduce(0) { $0 + $1.length }
        guard let table = DigestTable(of: .sha1, bytes: Array(text)),
            let geometry = Geometry(total: ByteCount(total), pieceLength: ByteCount(pieceLength)),
            table.count == geometry.pieceCount
        else { throw value.refused(.wrongPieceCount) }
        return table
    }
}
