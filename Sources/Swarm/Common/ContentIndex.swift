import Vocabulary

/// The place of each content in a table. Nearly every message names a content. There are usually
/// few, so they are compared, not hashed.
struct ContentIndex: Sendable {
    private struct Entry {
        let content: ContentID
        var place: Int

        func names(_ other: ContentID) -> Bool {
            content.low == other.low && content.high == other.high
        }
    }

    /// The content that was set last, usually the only one, which needs no array access.
    private var latest: Entry?
    private var few: [Entry] = []
    private var many: [ContentID: Int] = [:]

    private static let fewMax = 8

    subscript(content: ContentID) -> Int? {
        get {
            if let latest, latest.names(content) { return latest.place }
            guard many.isEmpty else { return many[content] }
            for place in 0..<few.count where few[place].names(content) { return few[place].place }
            return nil
        }
        set {
            set(content, to: newValue)
            if let newValue {
                latest = Entry(content: content, place: newValue)
            } else if latest?.names(content) == true {
                latest = nil
            }
        }
    }

    private mutating func set(_ content: ContentID, to value: Int?) {
        guard many.isEmpty else {
            many[content] = value
            // From here on the lookups go to `few` again, which still holds the old entries.
            if many.isEmpty { few = [] }
            return
        }
        if let place = few.firstIndex(where: { $0.names(content) }) {
            if let value { few[place].place = value } else { few.remove(at: place) }
            return
        }
        guard let value else { return }
        few.append(Entry(content: content, place: value))
        guard few.count > Self.fewMax else { return }
        for entry in few { many[entry.content] = entry.place }
    }
}
