import Vocabulary

/// The terms in a `Common.cfg` and a `PeerInfo.cfg` of other programs, which need not follow
/// `ChokingTerms` and `ChokingRoster`: unknown keys, comments, `=` and `:` after keys, missing
/// words. Any bytes give a value.
package struct LooseChokingTerms: Equatable, Sendable {
    /// A line of one of the two files whose value is of no use.
    package struct Unused: Equatable, Sendable {
        package let line: Int
        package let text: [UInt8]
    }

    package struct Peer: Equatable, Sendable {
        package let id: PeerID
        package let hasFile: Bool?
    }

    package private(set) var preferredMax: Int?
    package private(set) var pieceCount: Int?
    package private(set) var peers: [Peer]?
    /// Of `Common.cfg`, and of `PeerInfo.cfg`.
    package private(set) var unusedTerms: [Unused] = []
    package private(set) var unusedPeers: [Unused] = []

    /// Either file may be missing.
    package init(common: [UInt8]?, roster: [UInt8]?) {
        if let common { readTerms(common) }
        if let roster { readPeers(roster) }
    }

    private mutating func readTerms(_ bytes: [UInt8]) {
        var sizes: [String: Int] = [:]
        for (line, text) in Self.lines(of: bytes) {
            let words = text.split { TextLines.isBlank($0) || Self.isSign($0) }
            guard let first = words.first else { continue }
            let key = String(decoding: first, as: UTF8.self).lowercased()
            guard ["numberofpreferredneighbors", "filesize", "piecesize"].contains(key) else {
                continue
            }
            if words.count > 1, let number = plainNumber(words[1], max: 1 << 48) {
                sizes[key] = number
            } else {
                unusedTerms.append(Unused(line: line, text: text.excerpt))
            }
        }
        preferredMax = sizes["numberofpreferredneighbors"]
        guard let size = sizes["filesize"], let piece = sizes["piecesize"], piece > 0 else {
            return
        }
        pieceCount =
            Geometry(
                total: ByteCount(Int64(size)), pieceLength: ByteCount(Int64(piece)))?.pieceCount
    }

    private mutating func readPeers(_ bytes: [UInt8]) {
        var peers: [Peer] = []
        for (line, text) in Self.lines(of: bytes) {
            let words = TextLines.words(of: text)
            guard let id = PeerID(words[0]), words.count > 1,
                peers.count < ChokingRoster.peerCountMax
            else {
                unusedPeers.append(Unused(line: line, text: text.excerpt))
                continue
            }
            let flag = words.count > 3 ? plainNumber(words[3], max: 1) : nil
            peers.append(Peer(id: id, hasFile: flag.map { $0 == 1 }))
        }
        if !peers.isEmpty { self.peers = peers }
    }

    /// Without comments, and without the mark that some editors put at the beginning.
    private static func lines(of bytes: [UInt8]) -> [(number: Int, text: ArraySlice<UInt8>)] {
        let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        return TextLines(isMarked ? Array(bytes.dropFirst(3)) : bytes).compactMap { line, text in
            var text = text
            if text.starts(with: "//".utf8) || text.first == UInt8(ascii: ";") { return nil }
            if let mark = text.firstIndex(of: UInt8(ascii: "#")) { text = text[..<mark] }
            text = TextLines.trimmed(text)
            return text.isEmpty ? nil : (line, text)
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":")
    }
}
