import Vocabulary

/// Where each content stands in a table. Nearly every message names one, and mostly there are few:
/// those are compared and not hashed.
struct ContentIndex: Sendable {
    private var keys: [ContentID] = []
    private var values: [Int] = []
    private var many: [ContentID: Int] = [:]

    private static let fewMax = 8

    subscript(content: ContentID) -> Int? {
        get {
            guard many.isEmpty else { return many[content] }
            for place in 0..<keys.count
            where keys[place].low == content.low && keys[place].high == content.high {
                return values[place]
            }
            return nil
        }
        set { set(content, to: newValue) }
    }

    private mutating func set(_ content: ContentID, to value: Int?) {
        guard many.isEmpty else {
            many[content] = value
            // From here on the few are looked at again, and there are none.
            if many.isEmpty {
                keys = []
                values = []
            }
            return
        }
        let place = keys.firstIndex(of: content)
        if let place, let value {
            values[place] = value
            return
        }
        if let place {
            keys.remove(at: place)
            values.remove(at: place)
            return
        }
        guard let value else { return }
        keys.append(content)
        values.append(value)
        guard keys.count > Self.fewMax else { return }
        for place in keys.indices { many[keys[place]] = values[place] }
    }
}
