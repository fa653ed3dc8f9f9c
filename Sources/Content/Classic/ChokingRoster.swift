/// The contents of `PeerInfo.cfg`: the peers of the swarm, in the order of the lines.
///
///     <id> <host> <port> <1 if it has the file, else 0>
package struct ChokingRoster: Equatable, Sendable {
    package struct Peer: Equatable, Sendable {
        package let id: PeerID
        /// Shown, and not used.
        package let host: String
        package let port: Int
        package let hasFile: Bool
    }

    package let peers: [Peer]

    package static let peerCountMax = 1_000_000

    /// Any bytes give a value or an error with a line.
    package init(parsing bytes: [UInt8]) throws(ChokingInputError) {
        var peers: [Peer] = []
        var known: Set<PeerID> = []
        for (line, text) in TextLines(bytes) {
            func refused(_ flaw: ChokingInputFlaw) -> ChokingInputError {
                ChokingInputError(line: line, flaw: flaw)
            }
            let words = TextLines.words(of: text)
            guard words.count == 4 else { throw refused(.notFourWords(count: words.count)) }
            guard let id = PeerID(words[0]) else {
                throw refused(.notAnID(token: words[0].excerpt))
            }
            guard known.insert(id).inserted else { throw refused(.listedTwice(id)) }
            guard let port = plainNumber(words[2], max: 65535) else {
                throw refused(.notAPort(token: words[2].excerpt))
            }
            guard let flag = plainNumber(words[3], max: 1), words[3].count == 1 else {
                throw refused(.notAFlag(token: words[3].excerpt))
            }
            guard peers.count < Self.peerCountMax else { throw refused(.tooManyPeers) }
            let host = String(decoding: words[1], as: UTF8.self)
            peers.append(Peer(id: id, host: host, port: port, hasFile: flag == 1))
        }
        guard !peers.isEmpty else { throw ChokingInputError(line: nil, flaw: .noPeerListed) }
        guard peers.contains(where: \.hasFile) else {
            throw ChokingInputError(line: nil, flaw: .noPeerHasTheFile)
        }
        self.peers = peers
    }
}
