package import Vocabulary

/// A torrent to be made, before its bytes are digested.
package struct TorrentDraft: Sendable {
    package let version: Torrent.Version
    package let name: RelativePath
    package let isSingleFile: Bool
    package let pieceLength: Int64
    package var isPrivate = false
    /// Trackers by URL: those of one tier are asked in turn before those of the next.
    package var announceTiers: [[String]] = []
    package var comment: String?
    package var creationDate: Int64?
    private let files: [TorrentFile]

    /// Takes files in any order; their order in the torrent depends on their names alone. Nil if no
    /// torrent can have such pieces, or that number of them.
    package init?(
        version: Torrent.Version, name: RelativePath, isSingleFile: Bool,
        files: [(path: RelativePath, length: Int64)], pieceLength: Int64
    ) {
        guard Torrent.accepts(pieceLength: pieceLength, in: version) else { return nil }
        self.version = version
        self.name = name
        self.isSingleFile = isSingleFile
        self.pieceLength = pieceLength
        let plain = files.map { TorrentFile(path: $0.path, length: $0.length, isPad: false) }
            .sorted { RelativePath.inTreeOrder($0.path, $1.path) }
        self.files = version == .hybrid ? Self.padded(plain, pieceLength) : plain
        guard plan.pieceCount <= Geometry.pieceCountMax else { return nil }
    }

    package var plan: HashPlan { HashPlan(of: files, version, pieceLength: pieceLength) }

    /// Of each stretch of the plan, in its order.
    package var paths: [RelativePath] { files.map(\.path) }

    /// Lets every file but an empty one begin with a piece, by pads that are called as other
    /// programs call theirs.
    private static func padded(_ files: [TorrentFile], _ pieceLength: Int64) -> [TorrentFile] {
        var padded: [TorrentFile] = []
        var rest: Int64 = 0
        for file in files {
            if rest > 0, file.length > 0 {
                let length = pieceLength - rest
                padded.append(TorrentFile(path: padPath(length), length: length, isPad: true))
                rest = 0
            }
            padded.append(file)
            rest = (rest + file.length % pieceLength) % pieceLength
        }
        return padded
    }

    private static func padPath(_ length: Int64) -> RelativePath {
        do throws(PathError) { return try RelativePath(".pad/\(length)") } catch {
            preconditionFailure("digits are a name")
        }
    }

    /// Throws where there are more files, or deeper folders, than a reader would accept.
    package func torrent(of digests: ContentDigests) throws(TorrentError) -> Torrent {
        var files = files
        for index in files.indices {
            guard let tree = digests.trees[index] else { continue }
            files[index].root = tree.root
            files[index].layer = files[index].length > pieceLength ? tree.pieces.table : nil
        }
        let made = TorrentInfo(
            version: version, name: name, isSingleFile: isSingleFile, pieceLength: pieceLength,
            isPrivate: isPrivate, files: files, pieces: digests.pieces?.table)
        let torrent = Torrent(info: made, infoBytes: made.bencode.encoded(), notes: notes)
        return try Torrent(parsing: torrent.encoded())
    }

    private var notes: [Torrent.Note] {
        var notes: [Torrent.Note] = []
        func add(_ key: String, _ value: Bencode) {
            notes.append(Torrent.Note(key: Array(key.utf8), value: value.encoded()))
        }
        let tiers = announceTiers.map { tier in tier.map { Bencode.text(Array($0.utf8)) } }
        let urls = tiers.flatMap(\.self)
        if let first = urls.first { add("announce", first) }
        // A client that knows the list ignores the single tracker, so the list contains it as well.
        if urls.count > 1 { add("announce-list", Bencode.list(tiers.map { .list($0) })) }
        if let comment { add("comment", .text(Array(comment.utf8))) }
        if let creationDate { add("creation date", .integer(creationDate)) }
        return notes
    }
}
