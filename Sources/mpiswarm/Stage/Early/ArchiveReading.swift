import CommandLine
import Content
import Node
import Staging
import Storage
import Swarm
import Vocabulary

/// The reading of an archive. Each part of its tree becomes a content as soon as it is unpacked,
/// and the whole tree does at the end.
struct ArchiveReading: Sendable {
    let job: StageJob
    let order: StageOrder
    let early: EarlyParts
    let archive: UnpackedArchive
    let storage: StageStorage
    let downloader: Mailbox<DownloaderNote>

    func read() {
        do throws(StorageError) {
            let listing = try archive.unpack(inParts: early.count) { number, part in
                publish(number, part, pieceLength: order.pieceLength)
            }
            if let found = LeftOut(.special, chosen(of: listing).leftOut) {
                for sentence in found.sentences { downloader.put(.ordered(.warn(sentence))) }
            }
            let total = listing.entries.reduce(0) { $0 &+ $1.length }
            publish(
                early.count, listing,
                pieceLength: job.options.pieceSize.map { Int64($0.bytes) }
                    ?? PieceLength.automatic(total: total))
        } catch {
            EarlyCopies(storage).report(error)
            giveUp()
        }
    }

    private func publish(_ number: Int, _ listing: ArchiveListing, pieceLength: Int64) {
        let chosen = chosen(of: listing)
        do throws(TreeError) {
            let manifest = try order.manifest(
                number, chosen.entries, pieceLength: pieceLength,
                job.options.digest == .xxh3 ? .xxh3 : .sha256, readBy: job.rank)
            let publication = TreePublication(manifest)
            storage.publish(publication)
            downloader.put(.ordered(.describe([Share.Owned(publication, number: number)])))
        } catch {
            EarlyCopies(storage).report(StageError.tooMuch.sentence)
            archive.stop()
            giveUp()
        }
    }

    private func chosen(of listing: ArchiveListing) -> ArchiveListing {
        listing.chosen(by: job.filter, preserves: job.options.preserve)
    }

    /// No rank waits any longer for what does not come.
    private func giveUp() { downloader.put(.ordered(.notReading(early.names))) }
}
