import CommandLine
import Content
import Vocabulary

/// The request to `make`, before anything is read.
struct MetainfoDraft {
    private let options: MakeOptions
    private let name: RelativePath
    private let length: Int64
    private let pieceLength: Int64
    private let torrent: TorrentDraft?

    init(
        _ options: MakeOptions, name: RelativePath, isSingleFile: Bool,
        files: [(path: RelativePath, length: Int64)]
    ) throws(MetainfoCommandError) {
        self.options = options
        self.name = name
        length = files.reduce(0) { $0 + $1.length }
        let usual =
            options.chosenFormat == .seed
            ? SeedFile.pieceLengthUsual : PieceLength.automatic(total: length)
        let pieceLength = options.pieceSize.map { Int64($0.bytes) } ?? usual
        self.pieceLength = pieceLength
        guard let version = options.chosenFormat.version else {
            torrent = nil
            let longest = options.chosenFormat == .manifest ? Manifest.pieceLengthMax.raw : .max
            guard pieceLength > 0, pieceLength <= longest else {
                throw .badPieceLength(Int(pieceLength), format: options.chosenFormat.words)
            }
            let total = ByteCount(length)
            guard Geometry(total: total, pieceLength: ByteCount(pieceLength)) != nil else {
                throw .tooManyPieces(options.path)
            }
            return
        }
        guard Torrent.accepts(pieceLength: pieceLength, in: version) else {
            throw .badPieceLength(Int(pieceLength), format: options.chosenFormat.words)
        }
        guard
            var draft = TorrentDraft(
                version: version, name: name, isSingleFile: isSingleFile, files: files,
                pieceLength: pieceLength)
        else { throw .tooManyPieces(options.path) }
        draft.isPrivate = options.isPrivate
        draft.announceTiers = options.announce
        draft.comment = options.comment
        draft.creationDate = options.creationDate.map { Int64($0) }
        torrent = draft
    }

    var paths: [RelativePath] { torrent?.paths ?? [name] }

    var plan: HashPlan {
        if let torrent { return torrent.plan }
        return options.chosenFormat == .seed
            ? SeedFile.plan(length: length, pieceLength: pieceLength, algorithm: algorithm)
            : Manifest.plan(length: length, pieceLength: pieceLength)
    }

    func metainfo(of digests: ContentDigests) throws(MetainfoCommandError) -> Metainfo {
        if let torrent {
            do { return .torrent(try torrent.torrent(of: digests)) } catch {
                throw .notATorrent(error)
            }
        }
        if options.chosenFormat == .seed {
            let seed = SeedFile(
                name: name, length: length, pieceLength: pieceLength, algorithm: algorithm,
                digests)
            guard let seed else { throw .changed(options.path) }
            return .seed(seed)
        }
        let manifest = Manifest(
            name: name, length: length, pieceLength: pieceLength, digests)
        guard let manifest else { throw .changed(options.path) }
        return .manifest(manifest)
    }

    private var algorithm: DigestAlgorithm {
        switch options.digest {
        case .md5: .md5
        case .sha256: .sha256
        }
    }
}

extension MakeOptions.Format {
    fileprivate var version: Torrent.Version? {
        switch self {
        case .torrentV1: .v1
        case .torrentV2: .v2
        case .hybrid: .hybrid
        case .seed, .manifest, .sha256sums: nil
        }
    }
}
