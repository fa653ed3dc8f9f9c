/// The rate at which all ranks together received, in equal steps of time.
struct Throughput {
    /// Bytes a second, or pieces a second where pieces have no bytes.
    let rates: [Double]
    /// The number of steps, which is also about the number of pixels for each of them.
    static let stepsMax = 160

    /// The increase from one sample to the next is spread over the time between them, so that the
    /// area below the rates is the amount that arrived.
    init(_ peers: [PageFigures.Peer], end: Double) {
        guard end > 0 else {
            rates = []
            return
        }
        let step = end / Double(Self.stepsMax)
        var sums = [Double](repeating: 0, count: Self.stepsMax)
        for peer in peers {
            var (from, had) = (0.0, 0.0)
            for arrival in peer.arrivals {
                Self.spread(arrival.amount - had, from, arrival.at, over: &sums, step: step)
                (from, had) = (arrival.at, arrival.amount)
            }
        }
        rates = sums.map { $0 / step }
    }

    private static func spread(
        _ amount: Double, _ from: Double, _ to: Double, over sums: inout [Double], step: Double
    ) {
        guard amount > 0 else { return }
        let last = sums.count - 1
        let first = min(last, Int(from / step))
        let end = min(last, Int(to / step))
        guard first < end, to > from else {
            sums[end] += amount
            return
        }
        for place in first...end {
            let begin = max(from, Double(place) * step)
            let stop = place == end ? to : min(to, Double(place + 1) * step)
            sums[place] += amount * max(0, stop - begin) / (to - from)
        }
    }

    var peak: Double { rates.max() ?? 0 }
}
