extension Extent {
    /// Those of a file that has no holes.
    package static func whole(_ length: Int64) -> [Extent] {
        Extent(start: 0, end: length).map { [$0] } ?? []
    }

    /// In order, and those that touch or overlap as one.
    package static func joined(_ extents: [Extent]) -> [Extent] {
        var joined: [Extent] = []
        for extent in extents.sorted(by: { $0.start < $1.start }) {
            if let last = joined.last, extent.start <= last.end,
                let both = Extent(start: last.start, end: max(last.end, extent.end))
            {
                joined[joined.count - 1] = both
            } else {
                joined.append(extent)
            }
        }
        return joined
    }

    /// The indices of the extents that hold any of `count` bytes at an offset of the file.
    package static func indices(
        of extents: [Extent], in offset: Int64, _ count: Int
    ) -> Range<Int> {
        let first = partition(extents) { $0.end <= offset }
        let end = partition(extents) { $0.start < offset + Int64(count) }
        return first..<max(first, end)
    }

    /// The number of leading parts that fulfil a condition; sorted parts have all of those in
    /// front.
    private static func partition(
        _ extents: [Extent], by isFirst: (Extent) -> Bool
    ) -> Int {
        var low = 0
        var high = extents.count
        while low < high {
            let middle = (low + high) / 2
            if isFirst(extents[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    package static func areWhole(_ extents: [Extent], of length: Int64) -> Bool {
        guard let first = extents.first else { return length == 0 }
        return extents.count == 1 && first.start == 0 && first.end == length
    }
}
