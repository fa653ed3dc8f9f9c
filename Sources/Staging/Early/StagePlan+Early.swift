package import Content
import Vocabulary

/// The plan for an archive that is still being read: its tree travels in parts, which are contents
/// of their own, whose files grow beside the destination; the whole tree, whose entries are known
/// in the end, takes these files over and gives the names.
extension StagePlan {
    /// Nil where the archive has to be listed first: no rank could keep parts.
    init?(
        early listing: EarlyListing, _ wish: StageWish, surveys: [Rank: Survey],
        _ view: SharedView, _ terms: Terms
    ) throws(StageError) {
        let input = Input(wish: wish, surveys: surveys, views: [view], terms: terms)
        self.init()
        orders = try Self.landings(wish, surveys)
        let landings = orders.compactMapValues(\.landing)
        let holding = Holding(views: [0], entries: [])
        guard let reader = Self.readers(holding, input, Set(landings.keys)).keys.min() else {
            return nil
        }
        early = EarlyParts(count: listing.partCount, reader: reader)
        finish(input)
        // The length of the tree is not known yet: archives of files hold about twice their length.
        let (double, isTooLong) = listing.packedByteCount.multipliedReportingOverflow(by: 2)
        let usual = PieceLength.automatic(total: isTooLong ? .max : double)
        var keepsParts = false
        for rank in surveys.keys.sorted() {
            orders[rank]?.early = early
            orders[rank]?.pieceLength = terms.pieceLength ?? usual
            // Copies that need the same disk are granted room when the whole is known.
            let isAlone = orders[rank]?.sharesRoom == false && rank != reader
            for number in 0...listing.partCount {
                let isWhole = number == listing.partCount
                var duty = StageOrder.Duty()
                if rank == reader { duty = .init(share: ReadShare(position: 0, of: 1)) }
                duty.landing = landings[rank]
                if !isWhole {
                    if !isAlone { duty.landing = nil }
                    keepsParts = keepsParts || duty.landing != nil
                }
                orders[rank]?.duties.append(duty)
            }
        }
        guard keepsParts else { return nil }
    }

    /// Notes the whole tree of the archive.
    package mutating func learn(_ manifest: TreeManifest) { contents = [manifest] }
}
