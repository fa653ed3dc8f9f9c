/// Several candidates for each file's part of one piece, of which some may make it good together.
package struct PieceChoice {
    private let piece: Int
    private let parts: [HashPlan.Part]
    /// One for each part.
    private let candidates: [[[UInt8]]]
    private let byteCount: Int

    /// The number of combinations that are tried.
    private static let attemptsMax = 64

    /// Nil where a part has no candidate.
    package init?(
        _ piece: Int, of plan: HashPlan, _ parts: [HashPlan.Part], among candidates: [[[UInt8]]]
    ) {
        for (part, choice) in zip(parts, candidates) {
            let length = part.extent.end - part.extent.start
            guard !choice.isEmpty, choice.allSatisfy({ Int64($0.count) == length }) else {
                return nil
            }
        }
        self.piece = piece
        self.parts = parts
        self.candidates = candidates
        byteCount = plan.size(of: piece)
    }

    /// For each part the number of a candidate.
    package func good(by metainfo: Metainfo) -> [Int]? {
        var chosen = [Int](repeating: 0, count: parts.count)
        // Bytes that belong to no file are zeros.
        var bytes = [UInt8](repeating: 0, count: byteCount)
        for _ in 0..<Self.attemptsMax {
            for (part, choice) in zip(parts, zip(candidates, chosen)) {
                let new = choice.0[choice.1]
                bytes.replaceSubrange(part.place..<part.place + new.count, with: new)
            }
            if metainfo.verifies(bytes, as: piece) { return chosen }
            guard advance(&chosen) else { return nil }
        }
        return nil
    }

    /// To the next way to choose; false after the last.
    private func advance(_ chosen: inout [Int]) -> Bool {
        for place in chosen.indices {
            chosen[place] += 1
            if chosen[place] < candidates[place].count { return true }
            chosen[place] = 0
        }
        return false
    }
}
