import Vocabulary
import Wire

/// An entry of a list that is sent in pages, each as long as a message may be.
protocol ListEntry: TailEntry {
    static var byteCountMax: Int { get }
}

extension CatalogEntry: ListEntry {
    static var byteCountMax: Int { RelativePath.byteCountMax + 64 }
}

extension RollEntry: ListEntry {
    static var byteCountMax: Int { byteCount }
}

extension Array where Element: ListEntry {
    /// The entries, from that place on, that fit into one message.
    func page(
        from: Int, _ effects: inout Effects<TrackerEffect>
    ) -> (tail: Tail, entries: UInt32, isLast: Bool) {
        let rows = dropFirst(from)
        var count: UInt32 = 0
        let tail = effects.tail { bytes in
            let start = bytes.count
            for entry in rows {
                guard bytes.count - start + Element.byteCountMax <= Head.tailMax else { break }
                entry.write(to: &bytes)
                count += 1
            }
        }
        return (tail, count, Int(count) == rows.count)
    }
}
