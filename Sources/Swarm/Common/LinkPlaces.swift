/// The number of pieces that a rank sends at once, and takes at once, where links take no more than
/// they give.
///
/// While the next piece is being arranged, a place is empty for as long as a message takes there,
/// back, and there again: the more places there are, the smaller is that part of the link. But the
/// more pieces share it, the later the first of them can be passed on, and the longer a send to a
/// slow receiver occupies its place. So the number grows with the time of an answer, measured in
/// pieces. Four to six are best, in the simulator, where there is next to no latency, eight for a
/// quarter of a piece, ten for three eighths, 15 for a whole one and more than twenty for two.
///
/// Each uploader counts its own places, its offers say how many, and a receiver takes as many at
/// once as its senders have on average. If the two were not alike, several sends would meet at some
/// receivers while the links of others were idle: with links of 25 Gbit/s and 50 us, the last of 50
/// peers finishes after 1.05 times the least possible time with eight of each, and after 1.22 with
/// eight and four.
package struct LinkPlaces: Equatable, Sendable {
    package static let least = 4
    package static let most = 24

    private var mean: Double?
    private static let weight = 1.0 / 8

    /// As many as the mean of what was noted so far. It falls by one at most with each note: a note
    /// comes with the end of a send, so that there are never more sends than places.
    package var count: Int { mean.map { Int($0.rounded()) } ?? Self.least }

    package mutating func note(_ count: Int) {
        let count = Double(min(max(count, Self.least), Self.most))
        mean = mean.map { $0 + max((count - $0) * Self.weight, -1) } ?? count
    }

    /// The best number of places. `pieces` is the time of an answer, divided by that of a piece.
    package static func suiting(_ pieces: Double) -> Int {
        let most = Double(most - least)
        let steep = min(16 * pieces, steepMax)
        return least + Int(min(steep + max(0, 8 * pieces - steepMax / 2), most).rounded())
    }

    /// From that many further places on, each of them needs twice as long an answer.
    private static let steepMax = 6.0
}
