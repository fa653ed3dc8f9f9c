/// The candidate that `word` was most likely meant to be: the only one that it abbreviates,
/// otherwise the one at the smallest edit distance, otherwise the earlier one. Nothing where none
/// is near.
func nearest(to word: String, among candidates: [String]) -> String? {
    // A name of ours is shorter, and the distance is quadratic.
    let lengthMax = 64
    let typed = Array(word.utf8.prefix(lengthMax + 1)).map(lowercase)
    guard typed.count <= lengthMax else { return nil }
    let bare = withoutHyphens(typed)
    // A letter for a letter is a guess, so `-x` is near to names alone.
    let names = candidates.filter { withoutHyphens(Array($0.utf8)).count > 1 }
    let abbreviated =
        bare.isEmpty ? [] : names.filter { withoutHyphens(Array($0.utf8)).starts(with: bare) }
    if abbreviated.count == 1 { return abbreviated[0] }
    var best: (candidate: String, distance: Int)?
    for candidate in names where isNegative(candidate) == isNegative(word.lowercased()) {
        let letters = Array(candidate.utf8)
        let distance = editDistance(typed, letters)
        // Two names of which every third letter differs are not taken for one another.
        guard distance * 3 <= max(bare.count, withoutHyphens(letters).count) else { continue }
        if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.candidate
}

private func withoutHyphens(_ letters: [UInt8]) -> ArraySlice<UInt8> {
    letters.drop { $0 == UInt8(ascii: "-") }
}

/// `--no-verify` is the opposite of `--verify`, however near the two are.
private func isNegative(_ spelling: String) -> Bool { spelling.hasPrefix("--no-") }

private func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// The number of insertions, deletions, replacements and swaps of neighbours that lead from one to
/// the other (optimal string alignment).
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
