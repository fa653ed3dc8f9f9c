import Vocabulary

/// The numbers of a network's endpoints: first two for the threads of each rank, in the order of
/// ranks, then one for each tracker, because a rank that tracks may hold a peer too.
struct NetworkEnds {
    let rankCount: Int
    private let trackerCount: Int

    init(rankCount: Int, trackerCount: Int) {
        self.rankCount = rankCount
        self.trackerCount = trackerCount
    }

    var count: Int { 2 * rankCount + trackerCount }

    @inline(__always)
    func download(of rank: Int) -> UInt32 { UInt32(2 * rank) }

    @inline(__always)
    func upload(of rank: Int) -> UInt32 { UInt32(2 * rank + 1) }

    @inline(__always)
    func tracker(_ rank: Int) -> UInt32 { UInt32(2 * rankCount + rank) }

    /// All ends of a rank.
    func all(of rank: Int) -> [UInt32] {
        let peer = [download(of: rank), upload(of: rank)]
        return rank < trackerCount ? peer + [tracker(rank)] : peer
    }

    @inline(__always)
    func rank(of end: UInt32) -> Int {
        let place = Int(end)
        return place < 2 * rankCount ? place / 2 : place - 2 * rankCount
    }

    @inline(__always)
    func isTracker(_ end: UInt32) -> Bool { Int(end) >= 2 * rankCount }

    @inline(__always)
    func isUpload(_ end: UInt32) -> Bool { !isTracker(end) && end & 1 == 1 }

    /// The endpoint that reads a tag. On a rank that does not track, the download thread gets
    /// messages for trackers, and refuses them.
    @inline(__always)
    func reader(of tag: UInt8, at rank: Int) -> UInt32 {
        if tag == UInt8(Tag.upload.rawValue) { return upload(of: rank) }
        guard tag != UInt8(Tag.download.rawValue), rank < trackerCount else {
            return download(of: rank)
        }
        return tracker(rank)
    }
}
