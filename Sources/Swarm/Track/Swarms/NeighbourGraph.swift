import Vocabulary

/// Chooses the neighbours of each member of a swarm that is too large for a full mesh. The graph is
/// the union of random rings over all ranks; in each ring a member's neighbours are the nearest
/// members before and behind it. The result is a near-regular random graph that looks the same from
/// both ends of an edge and is stored nowhere. A rank that joins or leaves changes only the edges
/// beside it.
struct NeighbourGraph {
    private let size: Int
    private let seed: UInt64
    /// Half the number of bits of a position, before it is brought back below `size`.
    private let halfBits: UInt64

    init(size: Int, seed: UInt64) {
        precondition(size > 0, "a graph needs ranks")
        self.size = size
        self.seed = seed
        var bits: UInt64 = 1
        while 1 << (2 * bits) < size { bits += 1 }
        halfBits = bits
    }

    /// The neighbours of the member at `place`, each once, at most `degree` of them. Each ring
    /// gives two, because with one of them only one end would see the edge; so an odd degree counts
    /// as one less.
    func neighbours(
        of place: Int, degree: Int, where isMember: (Int) -> Bool
    ) -> [Int] {
        var found: [Int] = []
        for ring in 0..<degree / 2 {
            let start = position(of: place, ring: ring)
            for step in [1, size - 1] {
                var next = start
                var member = place
                repeat {
                    next = (next + step) % size
                    member = self.place(at: next, ring: ring)
                } while next != start && !isMember(member)
                if member != place, !found.contains(member) { found.append(member) }
            }
        }
        return found
    }

    /// The position of a rank in a ring. A Feistel network permutes the next power of four, and is
    /// applied again until the value is below `size`.
    func position(of place: Int, ring: Int) -> Int {
        var value = UInt64(place)
        repeat { value = mix(value, ring, rounds: [0, 1, 2, 3]) } while value >= size
        return Int(value)
    }

    /// The inverse of `position(of:ring:)`.
    func place(at position: Int, ring: Int) -> Int {
        var value = UInt64(position)
        repeat { value = unmix(value, ring) } while value >= size
        return Int(value)
    }

    private var mask: UInt64 { (1 << halfBits) - 1 }

    private func mix(_ value: UInt64, _ ring: Int, rounds: [UInt64]) -> UInt64 {
        var left = value >> halfBits
        var right = value & mask
        for round in rounds { (left, right) = (right, left ^ scramble(right, ring, round)) }
        return left << halfBits | right
    }

    private func unmix(_ value: UInt64, _ ring: Int) -> UInt64 {
        var left = value >> halfBits
        var right = value & mask
        for round in [3, 2, 1, 0] as [UInt64] {
            (left, right) = (right ^ scramble(left, ring, round), left)
        }
        return left << halfBits | right
    }

    private func scramble(_ half: UInt64, _ ring: Int, _ round: UInt64) -> UInt64 {
        var chance = Chance(
            seed: seed &+ UInt64(ring) &* 64 &+ round &+ half &* 0x9E37_79B9_85EB_CA6B)
        return chance.next() & mask
    }
}
