import Content
import Control
import Vocabulary

/// The contents of a metainfo file, as text or as JSON.
struct MetainfoReport {
    private let metainfo: Metainfo

    init(_ metainfo: Metainfo) { self.metainfo = metainfo }

    /// `hybrid torrent, 3 files, 12.0 MiB, 24 pieces of 512.0 KiB`
    var summary: String {
        let files = files.count == 1 ? "1 file" : "\(files.count) files"
        let size = ByteCount(metainfo.total).words
        let pieces = metainfo.pieceCount == 1 ? "1 piece" : "\(metainfo.pieceCount) pieces"
        let length = ByteCount(metainfo.pieceLength).words
        return "\(format), \(files), \(size), \(pieces) of \(length)"
    }

    private var format: String {
        switch metainfo {
        case .torrent(let torrent): "\(torrent.info.version.rawValue) torrent"
        case .seed: "seed file"
        case .manifest: "manifest"
        }
    }

    private var files: [(path: RelativePath, length: Int64)] {
        guard case .torrent(let torrent) = metainfo else {
            return [(metainfo.name, metainfo.total)]
        }
        return torrent.info.files.filter { !$0.isPad }.map { ($0.path, $0.length) }
    }

    /// The fields with their names for people; the identities of the file come first.
    private var fields: [(key: String, words: String, value: Value)] {
        switch metainfo {
        case .torrent(let torrent): fields(of: torrent)
        case .seed(let seed):
            [
                ("digest", "digest", .text("\(seed.algorithm)")),
                ("hash", "hash", .text(hexText(seed.whole))),
            ]
        case .manifest(let manifest):
            [
                ("digest", "digest", .text("\(manifest.scheme)")),
                ("content_id", "content ID", .text("\(manifest.contentID)")),
            ]
        }
    }

    private func fields(of torrent: Torrent) -> [(key: String, words: String, value: Value)] {
        var fields: [(key: String, words: String, value: Value)] = []
        if let hash = torrent.infoHashV1 {
            fields.append(("info_hash_v1", "info-hash v1", .text(hexText(hash))))
        }
        if let hash = torrent.infoHashV2 {
            fields.append(("info_hash_v2", "info-hash v2", .text(hexText(hash))))
        }
        fields.append(("private", "private", .flag(torrent.info.isPrivate)))
        if let date = torrent.creationDate {
            fields.append(("creation_date", "created", .date(date)))
        }
        for (key, text) in [
            ("created_by", torrent.createdBy), ("comment", torrent.comment),
            ("announce", torrent.announce),
        ] {
            guard let text else { continue }
            let words = key == "created_by" ? "created by" : key
            fields.append((key, words, .text(String(decoding: text, as: UTF8.self))))
        }
        let tiers = torrent.announceTiers.map { tier in
            tier.map { String(decoding: $0, as: UTF8.self) }
        }
        if !tiers.isEmpty { fields.append(("announce_list", "trackers", .tiers(tiers))) }
        return fields
    }

    var text: String {
        var rows = [
            ("name", "\(metainfo.name)"), ("format", format),
            ("size", "\(metainfo.total) bytes (\(ByteCount(metainfo.total).words))"),
            ("pieces", "\(metainfo.pieceCount) of \(metainfo.pieceLength) bytes"),
        ]
        rows += fields.map { ($0.words, $0.value.text) }
        let width = rows.map(\.0.count).max() ?? 0
        var lines = rows.map { words, value in
            words + String(repeating: " ", count: width + 2 - words.count) + value
        }
        guard !metainfo.isSingleFile else { return lines.joined(separator: "\n") + "\n" }
        lines.append("files")
        let sizes = files.map { "\($0.length)" }
        let sizeWidth = sizes.map(\.count).max() ?? 0
        for (file, size) in zip(files, sizes) {
            let margin = String(repeating: " ", count: sizeWidth - size.count + 2)
            lines.append("\(margin)\(size)  \(file.path)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var json: String {
        var pairs = [
            ("name", jsonText("\(metainfo.name)")), ("format", jsonText(format)),
            ("size", "\(metainfo.total)"), ("piece_count", "\(metainfo.pieceCount)"),
            ("piece_size", "\(metainfo.pieceLength)"),
        ]
        pairs += fields.map { ($0.key, $0.value.json) }
        let rows = files.map { file in
            "    {\"path\": \(jsonText("\(file.path)")), \"size\": \(file.length)}"
        }
        let files = rows.isEmpty ? "[]" : "[\n\(rows.joined(separator: ",\n"))\n  ]"
        pairs.append(("files", files))
        let lines = pairs.map { "  \"\($0.0)\": \($0.1)" }
        return "{\n\(lines.joined(separator: ",\n"))\n}\n"
    }
}

extension MetainfoReport {
    enum Value {
        case text(String)
        case flag(Bool)
        /// In seconds since 1970.
        case date(Int64)
        case tiers([[String]])

        fileprivate var text: String {
            switch self {
            case .text(let text): harmless(text)
            case .flag(let flag): flag ? "yes" : "no"
            case .date(let seconds): CalendarDate(secondsSince1970: seconds).text
            case .tiers(let tiers):
                harmless(tiers.map { $0.joined(separator: " ") }.joined(separator: ", then "))
            }
        }

        fileprivate var json: String {
            switch self {
            case .text(let text): jsonText(text)
            case .flag(let flag): "\(flag)"
            case .date(let seconds): "\(seconds)"
            case .tiers(let tiers):
                jsonList(tiers.map { jsonList($0.map(jsonText)) })
            }
        }
    }
}
