/// The candidate that `word` was most likely meant to be: one that it abbreviates, else the one
/// at the smallest edit distance, else the earlier one. Nothing only where there is no candidate.
func nearest(to word: String, among candidates: [String]) -> String? {
    // Whoever types more than this did not mistype a name of ours; the distance is quadratic.
    let lengthMax = 64
    let typed = Array(word.utf8.prefix(lengthMax))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.utf8)
        // One dash and a letter may stand for an option that begins with it.
        let abbreviated =
            (letters.starts(with: typed)
                || typed.count == 2 && letters.dropFirst().starts(with: typed))
            && typed.contains { $0 != UInt8(ascii: "-") }
        let distance = abbreviated ? 0 : editDistance(typed, letters)
        if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.candidate
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
