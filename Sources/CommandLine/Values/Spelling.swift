/// The candidate that `word` was most likely meant to be: one that it abbreviates, otherwise the
/// one at the smallest edit distance, otherwise the earlier one. Nothing where none is near.
func nearest(to word: String, among candidates: [String]) -> String? {
    // A name of ours is shorter, and the distance is quadratic.
    let lengthMax = 64
    let typed = Array(word.utf8.prefix(lengthMax + 1)).map(lowercase)
    guard typed.count <= lengthMax else { return nil }
    let hyphen = UInt8(ascii: "-")
    let bare = typed.drop { $0 == hyphen }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.utf8)
        let bareLetters = letters.drop { $0 == hyphen }
        // One dash and a letter may stand for an option that begins with it.
        let isAbbreviated = !bare.isEmpty && bareLetters.starts(with: bare)
        let distance = isAbbreviated ? 0 : editDistance(typed, letters)
        // Two names of which every third letter differs are not taken for one another.
        guard isAbbreviated || distance * 3 <= max(bare.count, bareLetters.count) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.candidate
}

private func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other,
/// each counted once (optimal string alignment).
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for row in a.indices {
        var current = [row + 1]
        for column in b.indices {
            let replaced = last[column] + (a[row] == b[column] ? 0 : 1)
            var least = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
                least = min(least, beforeLast[column - 1] + 1)
            }
            current.append(least)
        }
        beforeLast = last
        last = current
    }
    return last[b.count]
}
