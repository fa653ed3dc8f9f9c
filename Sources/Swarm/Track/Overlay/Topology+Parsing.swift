import Vocabulary

extension Topology {
    /// Parses lines `A B`, which mean that these two trackers know each other. Empty lines, and
    /// text after a `#`, are ignored. Any bytes give a topology in which every tracker reaches
    /// every other, or an error.
    package init(parsing bytes: [UInt8], trackerCount: Int) throws(TopologyError) {
        var edges: [(Int, Int)] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.prefix { $0 != UInt8(ascii: "#") }
                .split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            guard !words.isEmpty else { continue }
            let numbers = words.map(Self.number)
            guard numbers.count == 2, let one = numbers[0], let other = numbers[1] else {
                throw .notAnEdge(line: index + 1)
            }
            for number in [one, other] where number >= trackerCount {
                throw .unknownTracker(line: index + 1, number: number)
            }
            guard one != other else { throw .selfLoop(line: index + 1, number: one) }
            edges.append((one, other))
        }
        self.init(trackerCount, edges: edges)
        if let tracker = firstUnreachable { throw .unreachable(tracker) }
    }

    /// A number of digits only. One with too many digits for any rank becomes the largest number.
    private static func number(_ word: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in word {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000)
        }
        return value
    }
}
