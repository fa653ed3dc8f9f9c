import Content
import Node
import Staging
import Swarm
import Vocabulary

/// A job whose source is an archive: the rank that reads it lists it in the end.
extension SimulatedStage {
    static func archive(_ options: SimulationOptions, _ top: RelativePath) -> SimulatedArchive? {
        guard options.staged.isArchive, let geometry = options.geometry else { return nil }
        return SimulatedArchive(
            top, geometry, parts: options.staged.archiveParts,
            repeatsName: options.staged.repeatsName)
    }

    /// The list of a rank that is asked for the first time, or again: then it reads everything
    /// first.
    func listing(of archive: SimulatedArchive, isFirst: Bool) -> [UInt8] {
        guard !isFirst else {
            return EarlyListing(
                partCount: archive.partCount, packedByteCount: max(1, Int64(options.byteCount) / 2)
            ).encoded
        }
        guard archiveEnd == nil else { return Array("the archive ends early".utf8) }
        return Self.list(archive.entries(of: nil))
    }

    static func list(_ entries: [TreeEntry]) -> [UInt8] {
        do throws(TreeError) {
            return try TreeManifest(
                entries: entries, pieceLength: Manifest.pieceLengthMax, digest: .xxh3,
                origin: TreeManifest.Origin(publisher: .first, job: 0)
            ).encoded()
        } catch { return [] }
    }

    /// The rank that reads an archive describes what is still unknown to an heir.
    var isUnpacking: Bool { unpackingOrder != nil }

    /// Each part is unpacked in the same time. The whole tree is known when the last one is.
    func beginUnpacking(_ rank: Rank, _ order: StageOrder) {
        guard let early = order.early, early.reader == rank else { return }
        unpackingOrder = order
        let total = options.staged.unpackingTime.inSeconds
        for number in 0...early.count {
            let share = Double(min(number + 1, early.count)) / Double(early.count)
            network.state.queue.schedule(
                .unpacked, UInt32(number), at: network.now + .seconds(total * share))
        }
    }

    /// What the rank that reads the archive has to do when a part is unpacked. Where the archive
    /// ends early, no rank waits any longer for the rest.
    func unpacked(_ number: Int, _ give: ([DownloaderNote], _ rank: Int) -> Void) {
        guard let order = unpackingOrder, let early = order.early else { return }
        let reader = Int(early.reader.raw)
        guard !network.state.isDead[reader] else { return }
        if let end = archiveEnd, number >= end {
            guard number == end else { return }
            network.state.fired[FaultKind.brokenArchive.rawValue] += 1
            return give([.ordered(.notReading(early.names))], reader)
        }
        guard let described = publication(number, order, by: early.reader) else { return }
        give([.ordered(.describe([described]))], reader)
    }

    /// What the rank that reads the archive describes when it has unpacked a part, or everything.
    private func publication(_ number: Int, _ order: StageOrder, by reader: Rank) -> Share.Owned? {
        guard let archive, let early = order.early else { return nil }
        do throws(TreeError) {
            let manifest = try order.manifest(
                number, archive.entries(of: early.isPart(number) ? number : nil),
                pieceLength: order.pieceLength, .xxh3, readBy: reader)
            let publication = TreePublication(manifest)
            network.state.add(SimulatedContent(publication.content, publication.geometry))
            // No disk has it before it is proven.
            network.state.contentTable.noteFragment(publication.content)
            return Share.Owned(publication, number: number)
        } catch { return nil }
    }
}
