package import Content
package import Swarm
package import Vocabulary

/// The part of an order that concerns an archive whose tree travels while it is being read.
extension StageOrder {
    /// Changes the rules of a peer whose contents are the parts of a tree, and at last the tree.
    package func adapt(_ rules: inout DownloaderRules) {
        guard early != nil else { return }
        rules.lastWantWaits = true
        // The parts of an archive come one after the other, and a rank asks for those that it
        // waits for again and again.
        rules.transfersActiveMax = 4
    }

    /// The description of a part, or of the tree if the number is that of the last content.
    package func manifest(
        _ number: Int, _ entries: [TreeEntry], pieceLength: Int64, _ digest: DigestAlgorithm,
        readBy reader: Rank
    ) throws(TreeError) -> TreeManifest {
        try TreeManifest(
            entries: entries, pieceLength: ByteCount(pieceLength), digest: digest,
            origin: TreeManifest.Origin(publisher: reader, job: job &+ UInt64(number)))
    }
}

extension EarlyParts {
    /// The names of the parts and of the tree. Once the archive cannot be read any further, no rank
    /// waits any longer for those that were not described.
    package var names: [RelativePath] { (0...count).map { StagedName.content($0) } }

    package func isPart(_ number: Int) -> Bool { number < count }
}
