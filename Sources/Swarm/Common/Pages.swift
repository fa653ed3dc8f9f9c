import Wire

/// Entries distributed over as many tails as they need.
struct Pages<Entry: TailEntry> {
    private(set) var list: [(bytes: [UInt8], entries: UInt32)] = []
    private var bytes: [UInt8] = []
    private var entries: UInt32 = 0

    mutating func append(_ entry: Entry) {
        let start = bytes.count
        entry.write(to: &bytes)
        if bytes.count > Head.tailMax {
            let last = Array(bytes[start...])
            bytes.removeSubrange(start...)
            turn()
            bytes = last
        }
        entries += 1
    }

    /// Ends the last page. An empty list has one page too.
    mutating func close() { turn() }

    private mutating func turn() {
        list.append((bytes, entries))
        bytes = []
        entries = 0
    }
}
