package import Content
import Vocabulary

/// What is known of a job whose logs are checked: all of it where its two files are at hand, and
/// otherwise what the logs themselves say.
package struct LogTerms: Equatable, Sendable {
    package struct Listing: Equatable, Sendable {
        /// In the list: of two peers the later one makes the connection.
        package let position: Int
        /// Nil where the list does not say it.
        package let hasFile: Bool?
    }

    package let preferredMax: Int?
    package let pieceCount: Int?
    /// In the order of the list; nil where there is none.
    package let peers: [PeerID]?
    private let listings: [PeerID: Listing]

    package init(
        preferredMax: Int? = nil, pieceCount: Int? = nil,
        peers: [(id: PeerID, hasFile: Bool?)]? = nil
    ) {
        self.preferredMax = preferredMax
        self.pieceCount = pieceCount
        self.peers = peers?.map(\.id)
        var listings: [PeerID: Listing] = [:]
        for (position, peer) in (peers ?? []).enumerated() where listings[peer.id] == nil {
            listings[peer.id] = Listing(position: position, hasFile: peer.hasFile)
        }
        self.listings = listings
    }

    package init(_ terms: ChokingTerms, _ roster: ChokingRoster) {
        self.init(
            preferredMax: terms.preferredMax, pieceCount: terms.geometry.pieceCount,
            peers: roster.peers.map { ($0.id, $0.hasFile) })
    }

    func listing(of peer: PeerID) -> Listing? { listings[peer] }

    func isListed(_ peer: PeerID) -> Bool { listings[peer] != nil }
}
