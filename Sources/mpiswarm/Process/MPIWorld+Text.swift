import MPITransport
import Vocabulary

extension MPIWorld {
    /// Returns the bytes of rank 0, of whatever length. Every rank has to call this, before it has
    /// any endpoint.
    borrowing func agree(on own: [UInt8]) -> [UInt8] {
        let digits = (0..<8).map { UInt8(truncatingIfNeeded: own.count >> ($0 * 8)) }
        let length = broadcast(digits, from: .first).enumerated().reduce(0) {
            $0 | Int($1.element) << ($1.offset * 8)
        }
        return broadcast(
            rank == .first ? own : [UInt8](repeating: 0, count: length), from: .first)
    }
}
