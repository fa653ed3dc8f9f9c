import Vocabulary

/// Who is whose neighbour in a swarm too large for everybody to know everybody: the union of
/// random rings over all ranks, in each of which a member's neighbours are the next members
/// before and behind it. That makes a near-regular random graph, the same seen from both ends,
/// with no edge stored anywhere; who comes or goes changes only the edges beside it.
struct NeighbourGraph {
    private let size: Int
    private let seed: UInt64
    /// Half the bits of the ring's positions, before walking back into its size.
    private let halfBits: UInt64

    init(size: Int, seed: UInt64) {
        precondition(size > 0, "nobody is nobody's neighbour")
        self.size = size
        self.seed = seed
        var bits: UInt64 = 1
        while 1 << (2 * bits) < size { bits += 1 }
        halfBits = bits
    }

    /// The neighbours of the member at `place`, each once, at most `degree` of them. Every ring
    /// gives two: one of them would be seen from one end alone, so an odd degree counts as one
    /// less.
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

    /// Where a place stands in a ring: a permutation by a Feistel network over the next power of
    /// four, walked until it falls inside.
    func position(of place: Int, ring: Int) -> Int {
        var value = UInt64(place)
        repeat { value = mix(value, ring, rounds: [0, 1, 2, 3]) } while value >= size
        return Int(value)
    }

    /// The reverse.
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
