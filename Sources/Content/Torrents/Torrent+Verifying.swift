extension HashPlan {
    init(of files: [TorrentFile], _ version: Torrent.Version, pieceLength: Int64) {
        self.init(
            stretches: files.map { Stretch(length: $0.length, isPad: $0.isPad) },
            pieceLength: pieceLength, pieces: version == .v2 ? nil : .sha1,
            trees: version != .v1)
    }
}

extension Torrent {
    package var plan: HashPlan {
        HashPlan(of: info.files, info.version, pieceLength: info.pieceLength)
    }

    /// A piece of a hybrid is good when both halves say so.
    package func findings(in digests: ContentDigests) -> Findings {
        let plan = plan
        let ranges = plan.pieceRanges
        var findings = Findings(pieceCount: plan.pieceCount)
        if let pieces = info.pieces, let found = digests.pieces {
            findings.compare(found, with: pieces)
        }
        for (index, file) in info.files.enumerated() {
            guard let root = file.root else { continue }
            guard let found = digests.trees[index] else {
                for piece in ranges[index] { findings.markBad(piece) }
                continue
            }
            if let layer = file.layer {
                findings.compare(found.pieces, with: layer, from: ranges[index].lowerBound)
            } else if !found.pieces.matches(root[...], at: 0) {
                findings.markBad(ranges[index].lowerBound)
            }
        }
        return findings
    }
}
