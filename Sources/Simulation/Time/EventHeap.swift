/// Events at arbitrary times. Each row has four children: half the levels of a binary heap, and the
/// children of a row lie in two cache lines.
struct EventHeap {
    private static let arity = 4

    private var rows: [EventRow] = []

    var top: EventRow? { rows.first }

    mutating func insert(_ row: EventRow) {
        var place = rows.count
        rows.append(row)
        while place > 0 {
            let parent = (place - 1) / Self.arity
            guard row.precedes(rows[parent]) else { break }
            rows[place] = rows[parent]
            place = parent
        }
        rows[place] = row
    }

    mutating func removeTop() {
        let row = rows.removeLast()
        guard !rows.isEmpty else { return }
        var place = 0
        while true {
            let first = place * Self.arity + 1
            guard first < rows.count else { break }
            var least = first
            for child in first + 1..<max(first + 1, min(first + Self.arity, rows.count))
            where rows[child].precedes(rows[least]) {
                least = child
            }
            guard rows[least].precedes(row) else { break }
            rows[place] = rows[least]
            place = least
        }
        rows[place] = row
    }

    func checkInvariants() {
        for place in rows.indices.dropFirst() {
            precondition(
                !rows[place].precedes(rows[(place - 1) / Self.arity]), "a heap out of order")
        }
    }
}
