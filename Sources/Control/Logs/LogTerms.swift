package import Content
import Vocabulary

/// The known facts of a job whose logs are checked: all of them if its two files are present,
/// otherwise those in the logs.
package struct LogTerms: Equatable, Sendable {
    package struct Listing: Equatable, Sendable {
        /// The position in the list: of two peers the later one makes the connection.
        package let position: Int
        /// Nil if the list does not give it.
        package let hasFile: Bool?
    }

    package let preferredMax: Int?
    package let pieceCount: Int?
    /// In the order of the list; nil if there is no list.
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
