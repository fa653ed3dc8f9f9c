/// The values of the most recent keys, at most `capacity` of them: a new key replaces the oldest.
/// Invariant: ring and dictionary hold the same keys.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    let capacity: Int
    private var values: [Key: Value] = [:]
    /// The keys as a ring, from the oldest, at `oldest`, to the newest.
    private var ring: [Key] = []
    private var oldest = 0

    init(capacity: Int) {
        precondition(capacity > 0, "a table that holds nothing is none")
        self.capacity = capacity
    }

    var count: Int { ring.count }

    subscript(_ key: Key) -> Value? { values[key] }

    /// Sets a value. A key that is already in the table keeps its age.
    mutating func set(_ key: Key, _ value: Value) {
        if values.updateValue(value, forKey: key) != nil { return }
        guard ring.count == capacity else { return ring.append(key) }
        values[ring[oldest]] = nil
        ring[oldest] = key
        oldest = (oldest + 1) % capacity
    }

    func checkInvariants() {
        precondition(ring.count == values.count, "ring and dictionary differ")
        precondition(ring.allSatisfy { values[$0] != nil }, "a key is in the ring alone")
    }
}
