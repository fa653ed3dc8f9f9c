package import Vocabulary
package import Wire

/// The numbers that a downloader goes by.
package struct DownloaderRules: Sendable {
    package var tracker: Rank
    package var aliveInterval = Duration.seconds(2)
    /// A tracker that is silent for two of these is given up.
    package var lease = Duration.seconds(10)
    package var requestsPerSourceMax = 8
    /// Every one of them may hold a lent buffer.
    package var requestsInFlightMax = 128
    /// A source that takes longer is passed over until it answers, or for as long again.
    package var requestPatience = Duration.seconds(4)
    /// Wants that are worked on at once.
    package var transfersActiveMax = 16
    /// Pieces looked at in one go for a source with room; the rest wait for the next answer.
    package var lookaheadMax = 256
    /// A source whose pieces failed so often is not asked again.
    package var badPiecesMax = 2
    /// The tracker is told, and the swarm asked again, after the first and then every so many.
    package var piecesPerUpdate = 10

    package init(tracker: Rank) { self.tracker = tracker }
}

/// What a peer brings along: what it owns and wants, or why it cannot take part.
package struct Share: Sendable {
    package struct Owned: Sendable {
        package let name: RelativePath
        package let content: ContentID
        package let geometry: Geometry
        package let manifest: Descriptor

        package init(
            name: RelativePath, content: ContentID, geometry: Geometry, manifest: Descriptor
        ) {
            self.name = name
            self.content = content
            self.geometry = geometry
            self.manifest = manifest
        }
    }

    package var owned: [Owned] = []
    package var wants: [RelativePath] = []
    /// Set when there is nothing to begin with: what is wrong, in the words that the user sees.
    package var refusal: String?

    package init() {}
}
